using System.Diagnostics.CodeAnalysis;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Registries;

/// <summary>A name for a manifest in a repository (distribution-spec, "Pulling manifests"): up to 128 letters, digits and <c>. _ -</c>.</summary>
/// <remarks><c>default</c> is no tag and prints as the empty text.</remarks>
public readonly record struct Tag : ISpanParsable<Tag>
{
    private readonly string? _value;

    private Tag(string value) => _value = value;

    /// <summary>What a name without a tag means.</summary>
    public static Tag Latest { get; } = new("latest");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static Tag Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Reads a tag.</summary>
    /// <exception cref="FormatException">The text is not a tag.</exception>
    public static Tag Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) => TryParse(s, provider, out Tag result)
        ? result
        : throw new FormatException($"\"{s}\" is not a tag: up to 128 letters, digits and . _ -, starting with a letter, a digit or _");

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out Tag)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Tag result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>Reads a tag; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Tag result)
    {
        string text = s.ToString();
        bool valid = ImageReference.IsTag(text);
        result = valid ? new Tag(text) : default;
        return valid;
    }

    /// <summary>The tag as it was written.</summary>
    public override string ToString() => _value ?? "";
}
