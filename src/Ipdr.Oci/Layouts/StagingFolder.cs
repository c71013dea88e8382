namespace Ipdr.Oci.Layouts;

/// <summary>A folder beside or inside the destination where everything is written first. It goes with its owner, or with the next run.</summary>
/// <remarks>The owner holds an exclusive lock on a file in it, so a folder whose lock is free was left by a process that was killed.</remarks>
internal sealed class StagingFolder : IDisposable
{
    private const string LockFile = "lock";

    private readonly FileStream _lock;
    private int _count;

    private StagingFolder(string path, FileStream heldLock) => (Path, _lock) = (path, heldLock);

    public string Path { get; }

    /// <summary>Where the tree of a new layout is built.</summary>
    public string Tree => System.IO.Path.Combine(Path, "tree");

    /// <summary>Makes a folder in <paramref name="parent"/> whose name starts with <paramref name="prefix"/>, after removing what earlier runs left there.</summary>
    public static StagingFolder Create(string parent, string prefix)
    {
        RemoveAbandoned(parent, prefix);
        return DestinationIo.Guard(parent, () =>
        {
            while (true)
            {
                string path = System.IO.Path.Combine(parent, prefix + System.IO.Path.GetRandomFileName());
                Directory.CreateDirectory(path);
                try
                {
                    return new StagingFolder(path, new FileStream(System.IO.Path.Combine(path, LockFile), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0));
                }
                catch (DirectoryNotFoundException)
                {
                    // Another process took the new folder for an abandoned one; the next name is as good.
                }
            }
        });
    }

    /// <summary>A new file to write to. May be called by several threads.</summary>
    public StagedFile NewFile() => new(System.IO.Path.Combine(Path, $"{Interlocked.Increment(ref _count)}.part"));

    public void Dispose()
    {
        _lock.Dispose();
        Remove(Path, recursive: true);
    }

    private static void RemoveAbandoned(string parent, string prefix)
    {
        foreach (string folder in Directory.EnumerateDirectories(parent, prefix + "*"))
        {
            // Without a lock file the folder is empty, or its owner is just about to lock it: then it must not be emptied.
            if (!File.Exists(System.IO.Path.Combine(folder, LockFile)))
                Remove(folder, recursive: false);
            else if (IsAbandoned(folder))
                Remove(folder, recursive: true);
        }
    }

    private static bool IsAbandoned(string folder)
    {
        try
        {
            using FileStream taken = new(System.IO.Path.Combine(folder, LockFile), FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    // What cannot be removed now is removed by the next run; it is never part of a layout.
    private static void Remove(string folder, bool recursive)
    {
        try
        {
            Directory.Delete(folder, recursive);
        }
        catch (IOException)
        {
        }
        catch (UnauthorizedAccessException)
        {
        }
    }
}
