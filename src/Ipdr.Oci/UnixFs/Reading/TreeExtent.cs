using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>How much a tree is.</summary>
/// <param name="Entries">Files, directories and symbolic links, itself among them.</param>
/// <param name="Bytes">Bytes of all files.</param>
internal readonly record struct TreeExtent(int Entries, long Bytes)
{
    /// <summary>This and something that is met after it.</summary>
    /// <param name="cid">The top block of what is met.</param>
    /// <param name="more">How much that is.</param>
    /// <param name="limits">What is too much.</param>
    /// <exception cref="Faults.IpdrException">It is too much.</exception>
    public TreeExtent With(Cid cid, TreeExtent more, DagLimits limits)
    {
        if (more.Entries > limits.MaxEntries - Entries)
            throw DagFaults.Limit(DagFaults.Place(cid), "the tree has too many entries", nameof(DagLimits.MaxEntries), limits.MaxEntries);
        if (more.Bytes > limits.MaxTotalBytes - Bytes)
            throw DagFaults.Limit(DagFaults.Place(cid), "the files of the tree are too large", nameof(DagLimits.MaxTotalBytes), limits.MaxTotalBytes);
        return new TreeExtent(Entries + more.Entries, Bytes + more.Bytes);
    }
}
