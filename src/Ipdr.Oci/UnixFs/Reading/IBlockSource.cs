using System.Buffers;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>A place that has blocks: a CAR, a gateway, a store. It need not be trusted; whoever reads a DAG checks each block.</summary>
public interface IBlockSource
{
    /// <summary>Fetches a block.</summary>
    /// <param name="cid">Its name; never one of identity, which is its own content.</param>
    /// <param name="cancellationToken">Gives up the waiting.</param>
    /// <returns>Exactly the block's bytes, not yet checked, for the caller to dispose of; null if the block is not there.</returns>
    ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default);
}
