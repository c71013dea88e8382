using Ipdr.Oci.UnixFs.Directories;

namespace Ipdr.Oci.UnixFs.Importing;

/// <summary>A directory of which some entries are still being read. It is built by whoever brings the last one.</summary>
/// <param name="parent">The directory above; null at the root.</param>
/// <param name="name">Its name there, in UTF-8.</param>
/// <param name="path">Where it is on the disk.</param>
/// <param name="relative">Its path from the root, with slashes.</param>
/// <param name="metadata">What it carries.</param>
internal sealed class PendingDirectory(PendingDirectory? parent, byte[] name, string path, string relative, UnixFsMetadata metadata)
{
    private readonly List<DirectoryEntry> _entries = [];
    private readonly Lock _lock = new();

    // Who lists the directory holds it open like an entry does.
    private int _open = 1;

    public PendingDirectory? Parent => parent;

    public byte[] Name => name;

    public string Path => path;

    public UnixFsMetadata Metadata => metadata;

    /// <summary>The path from the root of an entry.</summary>
    public string RelativeOf(string entry) => relative.Length == 0 ? entry : $"{relative}/{entry}";

    /// <summary>Announces an entry, for which <see cref="Add"/> and <see cref="Close"/> will be called.</summary>
    public void Open() => Interlocked.Increment(ref _open);

    public void Add(byte[] entry, DagNode node)
    {
        lock (_lock)
            _entries.Add(new DirectoryEntry(entry, node));
    }

    /// <summary>Says that an entry, or the listing, is done.</summary>
    /// <returns>All entries when it was the last; else null.</returns>
    public DirectoryEntry[]? Close() => Interlocked.Decrement(ref _open) == 0 ? [.. _entries] : null;
}
