namespace Ipdr.Oci.Digests;

/// <summary>BLAKE3 hashing (unkeyed, 32 bytes of output).</summary>
internal sealed class Blake3
{
    public const int HashLength = 32;

    public void Append(ReadOnlySpan<byte> content) => throw new NotSupportedException();

    public void FinishAndReset(Span<byte> hash) => throw new NotSupportedException();
}
