namespace Ipdr.Oci.Digests;

/// <summary>Names and sizes of the algorithms.</summary>
public static class DigestAlgorithmExtensions
{
    extension(DigestAlgorithm algorithm)
    {
        /// <summary>The name before the colon: <c>sha256</c>, <c>sha512</c>, <c>blake3</c>.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
        public string Name => algorithm switch
        {
            DigestAlgorithm.Sha256 => "sha256",
            DigestAlgorithm.Sha512 => "sha512",
            DigestAlgorithm.Blake3 => "blake3",
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        };

        /// <summary>Length of the digest in bytes: 32 or 64.</summary>
        public int ByteLength => algorithm == DigestAlgorithm.Sha512 ? 64 : 32;

        /// <summary>Finds an algorithm by the name before the colon, case-sensitively.</summary>
        public static bool TryParseName(ReadOnlySpan<char> name, out DigestAlgorithm result)
        {
            foreach (DigestAlgorithm candidate in Enum.GetValues<DigestAlgorithm>())
            {
                if (name.SequenceEqual(candidate.Name))
                {
                    result = candidate;
                    return true;
                }
            }
            result = default;
            return false;
        }
    }
}
