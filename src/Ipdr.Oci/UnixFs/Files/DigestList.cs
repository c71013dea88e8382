using System.Runtime.InteropServices;

namespace Ipdr.Oci.UnixFs.Files;

/// <summary>Digests of one length, one behind the other: what is kept of the nodes of a large file.</summary>
internal sealed class DigestList(int digestLength)
{
    private readonly List<byte> _bytes = [];

    public void Add(ReadOnlySpan<byte> digest) => _bytes.AddRange(digest);

    /// <summary>Several digests; borrowed until the next is added.</summary>
    public ReadOnlySpan<byte> Slice(long first, int count) =>
        CollectionsMarshal.AsSpan(_bytes).Slice(checked((int)(first * digestLength)), count * digestLength);

    /// <summary>No more will come.</summary>
    public void Trim() => _bytes.TrimExcess();
}
