using System.Diagnostics.CodeAnalysis;

namespace Ipdr.Oci.Images;

/// <summary>What content is, as registries say it: <c>type/subtype</c> (RFC 6838), without parameters.</summary>
public readonly partial record struct MediaType : ISpanParsable<MediaType>
{
    // RFC 6838 section 4.2: 127 characters each for type and subtype.
    private const int MaxPartLength = 127;

    private readonly string? _value;

    private MediaType(string value) => _value = value;

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static MediaType Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Reads <c>type/subtype</c>.</summary>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static MediaType Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out MediaType result) ? result : throw new FormatException($"\"{s}\" is not a media type: it is written type/subtype");

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out MediaType)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out MediaType result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>Reads <c>type/subtype</c>; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out MediaType result)
    {
        int slash = s.IndexOf('/');
        bool valid = slash > 0 && IsRestrictedName(s[..slash]) && IsRestrictedName(s[(slash + 1)..]);
        result = valid ? new MediaType(s.ToString()) : default;
        return valid;
    }

    /// <summary><c>type/subtype</c> as it was written.</summary>
    public override string ToString() => _value ?? "";

    // restricted-name: a letter or digit, then letters, digits and ! # $ & - ^ _ . +
    private static bool IsRestrictedName(ReadOnlySpan<char> part)
    {
        if (part.IsEmpty || part.Length > MaxPartLength || !char.IsAsciiLetterOrDigit(part[0]))
            return false;
        foreach (char c in part)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$&-^_.+".Contains(c))
                return false;
        }
        return true;
    }
}
