using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Files;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Store.Naming;

/// <summary>Reads off a DAG what the blocks of a file are, where they are the very blocks that the store would make of it.</summary>
internal static class DagNaming
{
    /// <summary>Reads the nodes above the leaves.</summary>
    /// <param name="blocks">Where they are.</param>
    /// <param name="file">The file's top block.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The file's blocks, which are true for whoever reads the file by this DAG; null for files that were made by other rules.</returns>
    /// <exception cref="IpdrException">A node cannot be had, or is malformed.</exception>
    public static async Task<BlobIndex?> TryIndexAsync(IBlockSource blocks, Cid file, CancellationToken cancellationToken)
    {
        if (file.Codec != Multicodec.DagPb)
            return null;
        FileBuilder builder = new(BlobNaming.Form, keep: true);
        if (!await AddAsync(new NodeReader(blocks, new DagLimits()), file, builder, 0, cancellationToken).ConfigureAwait(false))
            return null;
        // No leaf is read: each is a slice of the blob, wherever that will be.
        FileNode node = builder.Finish(new DiskContent(file.ToString()), default);
        return node.Cid == file ? await BlobNaming.IndexAsync(node, cancellationToken).ConfigureAwait(false) : null;
    }

    private static async Task<bool> AddAsync(NodeReader nodes, Cid cid, FileBuilder builder, int depth, CancellationToken cancellationToken)
    {
        if (depth > nodes.Limits.MaxNodeDepth)
            return false;
        using UnixFsNode node = await nodes.ReadAsync(cid, cancellationToken).ConfigureAwait(false);
        if (node.Kind != DagEntryKind.File || node.Data.Length > 0 || node.Links.Length == 0)
            return false;
        for (int i = 0; i < node.BlockSizes.Count; i++)
        {
            Cid part = node.Links[i].Cid;
            if (part.Codec == Multicodec.DagPb)
            {
                if (!await AddAsync(nodes, part, builder, depth + 1, cancellationToken).ConfigureAwait(false))
                    return false;
            }
            else if (part.Codec == Multicodec.Raw && part.Hash.Code == BlobNaming.Form.Hash && part.Hash.Digest.Length == BlobNaming.Form.DigestLength
                && node.BlockSizes[i] is > 0 and var size && size <= BlobNaming.Form.ChunkSize)
            {
                builder.AddLeaf(part.Hash.Digest, (int)size);
            }
            else
            {
                return false;
            }
        }
        return true;
    }
}
