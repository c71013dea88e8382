using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs;

/// <summary>A file, directory or link that has its CID.</summary>
internal abstract class DagNode(Cid cid, long cumulativeSize)
{
    public Cid Cid { get; } = cid;

    /// <summary>Bytes of the blocks at and below the root, repeats counted: the Tsize of a link to it.</summary>
    public long CumulativeSize { get; } = cumulativeSize;

    public abstract DagEntryKind Kind { get; }

    /// <summary>Bytes of content; 0 for anything but a file.</summary>
    public virtual long FileSize => 0;

    /// <summary>What a directory holds, in the order of names; nothing for others.</summary>
    public virtual IEnumerable<(string Name, DagNode Node)> Entries => [];

    /// <summary>The top block.</summary>
    /// <exception cref="InvalidOperationException">The blocks were not kept.</exception>
    public abstract DagStep Root { get; }
}
