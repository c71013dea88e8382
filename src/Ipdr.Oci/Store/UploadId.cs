using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Store;

/// <summary>The name of an upload: 32 lower-case hex digits; those that clients may continue can be guessed by nobody else.</summary>
public readonly record struct UploadId : ISpanParsable<UploadId>
{
    private const int Bytes = 16;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private readonly string? _value;

    private UploadId(string value) => _value = value;

    /// <summary>A name that no other upload has.</summary>
    public static UploadId Create() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>The name of the upload of one certain blob, so that it is found again.</summary>
    internal static UploadId Of(Digest digest) => new(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"ipdr pull {digest}")).AsSpan(0, Bytes)));

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static UploadId Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static UploadId Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out UploadId result) ? result : throw new FormatException($"\"{s}\" is not the name of an upload");

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out UploadId)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out UploadId result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>Reads a name; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out UploadId result)
    {
        bool valid = s.Length == 2 * Bytes && !s.ContainsAnyExcept(Digits);
        result = valid ? new UploadId(s.ToString()) : default;
        return valid;
    }

    /// <summary>The digits.</summary>
    public override string ToString() => _value ?? "";
}
