using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Store.Naming;

/// <summary>How the store names content: by the profile that new content has everywhere here.</summary>
internal static class BlobNaming
{
    /// <summary>The rules.</summary>
    public static UnixFsProfile Profile => UnixFsProfile.V1;

    /// <summary>Files by those rules.</summary>
    public static FileForm Form { get; } = new(Profile);

    /// <summary>The rules' name, which the catalogue keeps.</summary>
    public static string ProfileName { get; } = Profile.Name!;

    /// <summary>Takes apart what passed a sink.</summary>
    /// <param name="file">The file, its blocks kept.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<BlobIndex> IndexAsync(FileNode file, CancellationToken cancellationToken)
    {
        List<(Multihash, long, int)> slices = [];
        List<(Multihash, byte[])> nodes = [];
        foreach (DagBlock block in new Dag(file, Profile).Blocks())
        {
            if (block.Slice is { } slice)
            {
                slices.Add((block.Cid.Hash, slice.Offset, slice.Length));
                continue;
            }
            byte[] content = new byte[block.Length];
            await block.ReadAsync(content, cancellationToken).ConfigureAwait(false);
            nodes.Add((block.Cid.Hash, content));
        }
        return new BlobIndex(file.Cid, slices, nodes);
    }

    /// <summary>A file of known name and length, as an entry of a directory.</summary>
    public static StoredFileNode Entry(Cid cid, long length) => new(cid, length, Form.Levels(length, default)[^1].Last.CumulativeSize);
}
