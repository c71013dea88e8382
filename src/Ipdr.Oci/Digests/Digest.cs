using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Ipdr.Oci.Digests;

/// <summary>The name of content: an algorithm and a hash in lower-case hexadecimal (image-spec, descriptor.md, "Digests").</summary>
/// <remarks>Only registered algorithms are values; <c>default</c> is no digest and prints as the empty text.</remarks>
public readonly record struct Digest : ISpanParsable<Digest>
{
    private static readonly SearchValues<char> LowerHexCharacters = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> EncodedCharacters =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ=_-");

    private readonly string? _encoded;

    private Digest(DigestAlgorithm algorithm, string encoded)
    {
        Algorithm = algorithm;
        _encoded = encoded;
    }

    /// <summary>The algorithm before the colon.</summary>
    public DigestAlgorithm Algorithm { get; }

    /// <summary>The hash after the colon, lower-case hexadecimal.</summary>
    public string Encoded => _encoded ?? "";

    /// <summary>Makes a digest of a finished hash.</summary>
    /// <exception cref="ArgumentException"><paramref name="hash"/> does not have the algorithm's length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="algorithm"/> is none of the enumeration's.</exception>
    public static Digest OfHash(DigestAlgorithm algorithm, ReadOnlySpan<byte> hash)
    {
        if (hash.Length != algorithm.ByteLength)
            throw new ArgumentException($"a {algorithm.Name} hash has {algorithm.ByteLength} bytes, not {hash.Length}", nameof(hash));
        return new Digest(algorithm, Convert.ToHexStringLower(hash));
    }

    /// <summary>Hashes content that is at hand.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="algorithm"/> is none of the enumeration's.</exception>
    public static Digest OfContent(DigestAlgorithm algorithm, ReadOnlySpan<byte> content)
    {
        using DigestHasher hasher = DigestHasher.Create(algorithm);
        hasher.Append(content);
        return hasher.Finish();
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    /// <exception cref="ArgumentNullException"><paramref name="s"/> is null.</exception>
    public static Digest Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Reads <c>algorithm:hex</c>.</summary>
    /// <param name="s">The text, nothing before or after the digest.</param>
    /// <param name="provider">Ignored: a digest looks the same everywhere.</param>
    /// <exception cref="DigestFormatException">The text is not a digest of a registered algorithm.</exception>
    public static Digest Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        Read(s, out Digest digest) is var fault and not DigestFault.None ? throw new DigestFormatException(fault, s.ToString()) : digest;

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out Digest)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Digest result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>Reads <c>algorithm:hex</c>; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Digest result) =>
        Read(s, out result) == DigestFault.None;

    /// <summary>Reads <c>algorithm:hex</c> and tells what is wrong with it (image-spec, descriptor.md, "Digests").</summary>
    /// <param name="text">The text, nothing before or after the digest.</param>
    /// <param name="digest">The digest, or <c>default</c> where there is a fault.</param>
    public static DigestFault Read(ReadOnlySpan<char> text, out Digest digest)
    {
        digest = default;
        int colon = text.IndexOf(':');
        if (colon < 0)
            return DigestFault.NoColon;
        ReadOnlySpan<char> name = text[..colon], encoded = text[(colon + 1)..];
        if (!IsAlgorithmName(name))
            return DigestFault.BadAlgorithm;
        if (encoded.IsEmpty || encoded.ContainsAnyExcept(EncodedCharacters))
            return DigestFault.BadEncoding;
        if (!DigestAlgorithm.TryParseName(name, out DigestAlgorithm algorithm))
            return DigestFault.UnsupportedAlgorithm;
        if (encoded.Length != 2 * algorithm.ByteLength)
            return DigestFault.BadLength;
        if (encoded.ContainsAnyExcept(LowerHexCharacters))
            return DigestFault.NotLowerHex;
        digest = new Digest(algorithm, encoded.ToString());
        return DigestFault.None;
    }

    /// <summary><c>algorithm:hex</c>.</summary>
    public override string ToString() => _encoded is null ? "" : $"{Algorithm.Name}:{_encoded}";

    // algorithm ::= component (separator component)*, component ::= [a-z0-9]+, separator ::= [+._-]
    private static bool IsAlgorithmName(ReadOnlySpan<char> name)
    {
        bool inComponent = false;
        foreach (char c in name)
        {
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
                inComponent = true;
            else if (inComponent && c is ('+' or '.' or '_' or '-'))
                inComponent = false;
            else
                return false;
        }
        return inComponent;
    }
}
