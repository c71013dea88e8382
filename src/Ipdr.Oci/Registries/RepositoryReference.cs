using System.Diagnostics.CodeAnalysis;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Registries;

/// <summary>A manifest as it is named inside one registry: <c>repository[:tag]</c> or <c>repository@digest</c>. No host, no defaults but <c>latest</c>.</summary>
public sealed record RepositoryReference : ISpanParsable<RepositoryReference>
{
    private RepositoryReference(RepositoryName repository, Tag? tag, Digest? digest) => (Repository, Tag, Digest) = (repository, tag, digest);

    /// <summary>The repository.</summary>
    public RepositoryName Repository { get; }

    /// <summary>The tag; null when there is a digest.</summary>
    public Tag? Tag { get; }

    /// <summary>The digest; null when there is a tag.</summary>
    public Digest? Digest { get; }

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static RepositoryReference Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Reads a reference.</summary>
    /// <exception cref="FormatException">The text is no reference.</exception>
    public static RepositoryReference Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out RepositoryReference? result)
            ? result
            : throw new FormatException($"\"{s}\" is not a name in a store: it is written repository[:tag] or repository@digest, lower case but for the tag");

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out RepositoryReference)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out RepositoryReference result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>Reads a reference; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out RepositoryReference result)
    {
        result = null;
        int at = s.IndexOf('@'), colon = s.IndexOf(':');
        if (at >= 0)
        {
            if (!Digests.Digest.TryParse(s[(at + 1)..], null, out Digest digest) || !RepositoryName.TryParse(s[..at], null, out RepositoryName named))
                return false;
            result = new RepositoryReference(named, null, digest);
            return true;
        }
        Tag tag = Registries.Tag.Latest;
        if (colon >= 0 && !Registries.Tag.TryParse(s[(colon + 1)..], null, out tag))
            return false;
        if (!RepositoryName.TryParse(colon < 0 ? s : s[..colon], null, out RepositoryName repository))
            return false;
        result = new RepositoryReference(repository, tag, null);
        return true;
    }

    /// <summary>The whole reference.</summary>
    public override string ToString() => Digest is { } digest ? $"{Repository}@{digest}" : $"{Repository}:{Tag}";
}
