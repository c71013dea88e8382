using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Store.Naming;

/// <summary>Stands for all blocks of a file that the store has already.</summary>
internal sealed class StoredBlock(Cid cid) : DagBlock(cid, 0)
{
    private protected override ValueTask FillAsync(Memory<byte> destination, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("the block is in the store");
}
