using Ipdr.Oci.Digests;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Registries.Dags;

/// <summary>A blob that is a file of a DAG.</summary>
/// <param name="digest">Its name.</param>
/// <param name="size">Its size in bytes, as the DAG states it.</param>
/// <param name="cid">The file's top block.</param>
/// <param name="blocks">Where its blocks are.</param>
public sealed class DagBlob(Digest digest, long size, Cid cid, IBlockSource blocks) : RegistryBlob(digest, size)
{
    /// <summary>The file's top block.</summary>
    public Cid Cid { get; } = cid;

    /// <inheritdoc/>
    /// <remarks>
    /// Every block is checked against its CID before a byte of it is handed out. Read from its first byte on, the whole is held against
    /// its digest as well: a DAG may call a file by a digest that it does not have.
    /// </remarks>
    public override async ValueTask<Stream> OpenAsync(long offset = 0, CancellationToken cancellationToken = default)
    {
        Stream file = await OpenUnverifiedAsync(offset, cancellationToken).ConfigureAwait(false);
        return offset == 0 ? new VerifyingStream(file, Digest, Size, $"block {Cid}") : file;
    }

    /// <summary>The same for those who hold the whole against its digest themselves.</summary>
    internal async ValueTask<Stream> OpenUnverifiedAsync(long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        Stream file = await new DagReader(blocks).OpenFileAsync(ContentPath.Of(Cid), cancellationToken).ConfigureAwait(false);
        file.Position = offset;
        return file;
    }
}
