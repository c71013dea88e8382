using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs;

/// <summary>A small block that is kept as it is.</summary>
internal sealed class MemoryBlock(Cid cid, ReadOnlyMemory<byte> bytes) : DagBlock(cid, bytes.Length)
{
    private protected override ValueTask FillAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        bytes.CopyTo(destination);
        return ValueTask.CompletedTask;
    }
}
