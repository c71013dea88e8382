using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Conversion.Pumping;

/// <summary>Hashes content by several algorithms at once.</summary>
internal sealed class DigestSet(IEnumerable<DigestAlgorithm> algorithms) : IDisposable
{
    private readonly DigestHasher[] _hashers = [.. algorithms.Distinct().Select(DigestHasher.Create)];

    /// <summary>Bytes hashed.</summary>
    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> block)
    {
        foreach (DigestHasher hasher in _hashers)
            hasher.Append(block);
        Length += block.Length;
    }

    public Dictionary<DigestAlgorithm, Digest> Finish() => _hashers.ToDictionary(hasher => hasher.Algorithm, hasher => hasher.Finish());

    public void Dispose()
    {
        foreach (DigestHasher hasher in _hashers)
            hasher.Dispose();
    }
}
