using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs;

/// <summary>A block of a DAG that was built here. Its bytes are made or read when they are asked for, and hold nothing until then.</summary>
public abstract class DagBlock
{
    private protected DagBlock(Cid cid, int length)
    {
        Cid = cid;
        Length = length;
    }

    /// <summary>The block's name.</summary>
    public Cid Cid { get; }

    /// <summary>Bytes of the block, at most <see cref="UnixFsProfile.MaxBlockBytes"/>.</summary>
    public int Length { get; }

    /// <summary>Where the block's bytes lie, for raw leaves of files; null for blocks that are nowhere as they are.</summary>
    public virtual FileSlice? Slice => null;

    /// <summary>Writes the block's bytes and makes sure that they are the ones that the CID names.</summary>
    /// <param name="destination">Room for <see cref="Length"/> bytes.</param>
    /// <param name="cancellationToken">Stops the reading of a file.</param>
    /// <exception cref="IpdrException">
    /// The file can no longer be read, or has changed since; <see cref="FaultCode.Io"/> or <see cref="FaultCode.DigestMismatch"/>.
    /// </exception>
    public async ValueTask ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        Memory<byte> bytes = destination[..Length];
        await FillAsync(bytes, cancellationToken).ConfigureAwait(false);
        if (!Cid.Hash.Matches(bytes.Span))
            throw Changed();
    }

    /// <summary>Writes the bytes, all of them.</summary>
    private protected abstract ValueTask FillAsync(Memory<byte> destination, CancellationToken cancellationToken);

    private protected virtual string Where => Cid.ToString();

    private IpdrException Changed()
    {
        const string What = "the content has changed since its CID was computed";
        return new IpdrException(new Fault(FaultCode.DigestMismatch, What, Where, "Run the command again when nobody writes there.") { Expected = Cid.ToString() });
    }
}
