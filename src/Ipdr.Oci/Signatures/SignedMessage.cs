using System.Security.Cryptography;

namespace Ipdr.Oci.Signatures;

/// <summary>Bytes that were signed; each hash of them is computed once, whatever the number of keys that are tried.</summary>
internal sealed class SignedMessage(ReadOnlyMemory<byte> content)
{
    /// <summary>The hashes that signatures are made over. A file of a signature does not say which it was.</summary>
    public static readonly HashAlgorithmName[] Algorithms = [HashAlgorithmName.SHA256, HashAlgorithmName.SHA384, HashAlgorithmName.SHA512];

    private readonly Dictionary<HashAlgorithmName, byte[]> _hashes = [];

    /// <summary>The hash of the bytes.</summary>
    public ReadOnlySpan<byte> HashBy(HashAlgorithmName algorithm) =>
        _hashes.TryGetValue(algorithm, out byte[]? known) ? known : _hashes[algorithm] = CryptographicOperations.HashData(algorithm, content.Span);
}
