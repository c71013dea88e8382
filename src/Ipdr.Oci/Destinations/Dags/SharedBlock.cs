using System.Buffers;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Destinations.Dags;

/// <summary>A block that several destinations are sent; the last one gives its memory back.</summary>
internal sealed class SharedBlock(Cid cid, IMemoryOwner<byte> bytes, int owners)
{
    private int _owners = owners;

    public Cid Cid => cid;

    public ReadOnlyMemory<byte> Bytes => bytes.Memory;

    public void Release()
    {
        if (Interlocked.Decrement(ref _owners) == 0)
            bytes.Dispose();
    }
}
