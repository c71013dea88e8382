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

        /// <summary>Length of the hash in bytes: 32 or 64.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
        public int ByteLength => algorithm switch
        {
            DigestAlgorithm.Sha256 or DigestAlgorithm.Blake3 => 32,
            DigestAlgorithm.Sha512 => 64,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        };

        /// <summary>Finds an algorithm by the name before the colon, case-sensitively.</summary>
        /// <param name="name">The name alone.</param>
        /// <param name="result">The algorithm, or <c>default</c> where the name is not known.</param>
        public static bool TryParseName(ReadOnlySpan<char> name, out DigestAlgorithm result)
        {
            DigestAlgorithm? found = name switch
            {
                "sha256" => DigestAlgorithm.Sha256,
                "sha512" => DigestAlgorithm.Sha512,
                "blake3" => DigestAlgorithm.Blake3,
                _ => null,
            };
            result = found.GetValueOrDefault();
            return found is not null;
        }
    }
}
