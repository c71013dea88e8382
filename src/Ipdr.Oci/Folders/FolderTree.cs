using Ipdr.Oci.Faults;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Folders;

/// <summary>A folder from somebody else: listed and read without following a link or opening anything that is no file.</summary>
internal sealed class FolderTree(string path)
{
    /// <summary>The folder itself.</summary>
    public string Path => path;

    /// <summary>Everything below the folder in ordinal order of the paths; folders stand before what is in them.</summary>
    /// <param name="maxEntries">More entries than this are a fault.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="IpdrException">The folder cannot be listed, or holds too much.</exception>
    public IReadOnlyList<FolderEntry> List(int maxEntries, CancellationToken cancellationToken)
    {
        List<FolderEntry> found = [];
        Stack<string> left = new([""]);
        while (left.TryPop(out string? folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (FolderEntry entry in ListOne(folder))
            {
                if (found.Count >= maxEntries)
                    throw new IpdrException(new Fault(FaultCode.Limit, $"the folder holds more than {maxEntries} files", path, "This is no layout that a tool wrote; name the layout's own folder."));
                found.Add(entry);
                if (entry.Kind == FolderEntryKind.Folder)
                    left.Push(entry.Path);
            }
        }
        return [.. found.OrderBy(entry => entry.Path, StringComparer.Ordinal)];
    }

    /// <summary>Opens a file by its path from the folder on.</summary>
    /// <exception cref="IOException">There is no such file, or a part of the path is a link.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public SafeFileHandle Open(string relative)
    {
        if (!OperatingSystem.IsWindows())
            return FolderAccess.OpenBeneath(path, relative);
        string current = path;
        foreach (string part in relative.Split('/'))
        {
            current = System.IO.Path.Combine(current, part);
            if (File.GetAttributes(current).HasFlag(FileAttributes.ReparsePoint))
                throw new IOException("a part of the path is a link");
        }
        return File.OpenHandle(current);
    }

    private IEnumerable<FolderEntry> ListOne(string folder)
    {
        string full = System.IO.Path.Combine(path, folder);
        try
        {
            return [.. new DirectoryInfo(full).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false })
                .Select(info => Describe(info, folder.Length == 0 ? info.Name : $"{folder}/{info.Name}"))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return folder.Length > 0
                ? [new FolderEntry(folder, FolderEntryKind.Unreadable, 0)]
                : throw new IpdrException(new Fault(FaultCode.Io, e is UnauthorizedAccessException ? "the folder may not be listed" : e.Message.TrimEnd('.'), path, "Check the path and its permissions."), e);
        }
    }

    private static FolderEntry Describe(FileSystemInfo info, string relative)
    {
        if (FileStatus.TryRead(info.FullName, out FileStatus status))
        {
            return new FolderEntry(relative, status.Kind, status.Kind == FolderEntryKind.File ? status.Size : 0)
            {
                LinkTarget = status.Kind == FolderEntryKind.SymbolicLink ? info.LinkTarget : null,
                Identity = status.Identity,
            };
        }
        FolderEntryKind kind = info.Attributes.HasFlag(FileAttributes.ReparsePoint) ? FolderEntryKind.SymbolicLink
            : info is DirectoryInfo ? FolderEntryKind.Folder : FolderEntryKind.File;
        return new FolderEntry(relative, kind, info is FileInfo file && kind == FolderEntryKind.File ? file.Length : 0) { LinkTarget = info.LinkTarget };
    }
}
