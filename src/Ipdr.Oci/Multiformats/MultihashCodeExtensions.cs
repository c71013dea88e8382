using System.Globalization;

namespace Ipdr.Oci.Multiformats;

/// <summary>Names and sizes of the hash functions.</summary>
public static class MultihashCodeExtensions
{
    extension(MultihashCode code)
    {
        /// <summary>The name in the multicodec table, as <c>sha2-256</c>; a number in hexadecimal where it is none of the enumeration's.</summary>
        public string Name => code switch
        {
            MultihashCode.Identity => "identity",
            MultihashCode.Sha256 => "sha2-256",
            MultihashCode.Sha512 => "sha2-512",
            MultihashCode.Blake3 => "blake3",
            MultihashCode.Blake2b256 => "blake2b-256",
            _ => string.Create(CultureInfo.InvariantCulture, $"0x{(int)code:x}"),
        };

        /// <summary>Length of the whole digest in bytes; null for identity, and for functions that are not computed here.</summary>
        public int? DigestLength => code switch
        {
            MultihashCode.Sha256 or MultihashCode.Blake3 or MultihashCode.Blake2b256 => 32,
            MultihashCode.Sha512 => 64,
            _ => null,
        };

        /// <summary>Finds a function by its name in the multicodec table, case-sensitively.</summary>
        /// <param name="name">The name alone, as <c>sha2-256</c>.</param>
        /// <param name="result">The function, or <c>default</c> where the name is not known.</param>
        public static bool TryParseName(ReadOnlySpan<char> name, out MultihashCode result)
        {
            MultihashCode? found = name switch
            {
                "identity" => MultihashCode.Identity,
                "sha2-256" => MultihashCode.Sha256,
                "sha2-512" => MultihashCode.Sha512,
                "blake3" => MultihashCode.Blake3,
                "blake2b-256" => MultihashCode.Blake2b256,
                _ => null,
            };
            result = found.GetValueOrDefault();
            return found is not null;
        }
    }
}
