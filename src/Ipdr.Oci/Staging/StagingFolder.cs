namespace Ipdr.Oci.Staging;

/// <summary>A folder beside or inside the destination where everything is written first. It goes with its owner, or with the next run.</summary>
/// <remarks>
/// The owner holds an exclusive lock on a file in it, so a folder whose lock is free was left by a process that was killed.
/// The lock file is the first thing in a folder and the last that goes, and who removes it holds it: what else is in a
/// folder without one belongs to nobody.
/// </remarks>
internal sealed class StagingFolder : IDisposable
{
    private readonly FolderLock _lock;
    private int _count;

    private StagingFolder(string path, FolderLock heldLock) => (Path, _lock) = (path, heldLock);

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
                if (FolderLock.TryTake(path, FileMode.CreateNew) is { } heldLock)
                    return new StagingFolder(path, heldLock);
                // Another process took the new folder for an abandoned one; the next name is as good.
            }
        });
    }

    /// <summary>Removes what earlier runs left in <paramref name="parent"/> under that prefix, as far as it can be removed.</summary>
    public static void RemoveAbandoned(string parent, string prefix) => Quietly(() =>
    {
        foreach (string folder in Directory.EnumerateDirectories(parent, prefix + "*"))
            RemoveIfAbandoned(folder);
    });

    /// <summary>A new file to write to. May be called by several threads.</summary>
    public StagedFile NewFile() => new(System.IO.Path.Combine(Path, $"{Interlocked.Increment(ref _count)}.part"));

    public void Dispose() => Remove(Path, _lock);

    private static void RemoveIfAbandoned(string folder)
    {
        // An empty folder may be one whose owner is about to lock it: it goes only if it is still empty, and the owner notices.
        bool hasContent = Quietly(() => Directory.EnumerateFileSystemEntries(folder).Any(entry => System.IO.Path.GetFileName(entry) != FolderLock.FileName));
        if (!File.Exists(System.IO.Path.Combine(folder, FolderLock.FileName)))
            Quietly(() => Directory.Delete(folder, recursive: hasContent));
        else if (Quietly(() => FolderLock.TryTake(folder, FileMode.Open)) is { } taken)
            Remove(folder, taken);
    }

    private static void Remove(string folder, FolderLock heldLock)
    {
        Quietly(heldLock.Clear);
        Quietly(heldLock.Dispose);
        Quietly(() => Directory.Delete(folder, recursive: false));
    }

    private static void Quietly(Action action) => Quietly(() =>
    {
        action();
        return true;
    });

    // What cannot be removed now is removed by the next run; it is never part of a layout.
    private static T? Quietly<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (IOException)
        {
            return default;
        }
        catch (UnauthorizedAccessException)
        {
            return default;
        }
    }
}
