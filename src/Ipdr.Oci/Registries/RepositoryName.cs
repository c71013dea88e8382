using System.Diagnostics.CodeAnalysis;

namespace Ipdr.Oci.Registries;

/// <summary>The name of a repository on a registry (distribution-spec, "Pulling manifests"): lower case, parts joined by slashes.</summary>
/// <remarks><c>default</c> is no name and prints as the empty text.</remarks>
public readonly record struct RepositoryName : ISpanParsable<RepositoryName>
{
    /// <summary>Longest name, in characters: many clients allow 255 for host and name together.</summary>
    public const int MaxLength = 255;

    private readonly string? _value;

    private RepositoryName(string value) => _value = value;

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static RepositoryName Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">The text is not a repository's name.</exception>
    public static RepositoryName Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) => TryParse(s, provider, out RepositoryName result)
        ? result
        : throw new FormatException($"\"{s}\" is not the name of a repository: lower-case letters and digits, joined by one of . _ __ - and parted by /");

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out RepositoryName)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RepositoryName result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>Reads a name; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out RepositoryName result)
    {
        bool valid = s.Length is > 0 and <= MaxLength && IsName(s);
        result = valid ? new RepositoryName(s.ToString()) : default;
        return valid;
    }

    /// <summary>The name as it was written.</summary>
    public override string ToString() => _value ?? "";

    // component(/component)*, component ::= [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*
    private static bool IsName(ReadOnlySpan<char> text)
    {
        int i = 0;
        while (true)
        {
            int start = i;
            while (i < text.Length && (char.IsAsciiLetterLower(text[i]) || char.IsAsciiDigit(text[i])))
                i++;
            if (i == start)
                return false;
            if (i == text.Length)
                return true;
            i += JointLength(text[i..]);
            if (i > 0 && IsAlphanumeric(text[i - 1]))
                return false;
        }
    }

    // 0 when what stands here joins nothing.
    private static int JointLength(ReadOnlySpan<char> rest) => rest[0] switch
    {
        '/' or '.' => 1,
        '_' => rest is ['_', '_', ..] ? 2 : 1,
        '-' => rest.IndexOfAnyExcept('-') is var end and >= 0 ? end : rest.Length,
        _ => 0,
    };

    private static bool IsAlphanumeric(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
