using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Images;

/// <summary>A name of an image, <c>host/repository:tag@digest</c>, with Docker's defaults made explicit.</summary>
public sealed partial record ImageReference : ISpanParsable<ImageReference>
{
    /// <summary>The registry that a name without a host means.</summary>
    public const string DockerHub = "docker.io";

    // distribution/reference: 255 characters for host and repository together.
    private const int MaxNameLength = 255;
    private const string OfficialPrefix = "library/";

    private ImageReference(string host, string repository, string? tag, Digest? digest) =>
        (Host, Repository, Tag, Digest) = (host, repository, tag, digest);

    /// <summary>The registry, with its port if any.</summary>
    public string Host { get; }

    /// <summary>The repository on that registry, such as <c>library/alpine</c>.</summary>
    public string Repository { get; }

    /// <summary>The tag, or null.</summary>
    public string? Tag { get; }

    /// <summary>The digest, or null.</summary>
    public Digest? Digest { get; }

    /// <summary>Host and repository.</summary>
    public string Name => $"{Host}/{Repository}";

    /// <summary>The repository as people write it: <c>alpine</c>, not <c>library/alpine</c>, for Docker Hub's own images.</summary>
    public string FamiliarRepository =>
        Host == DockerHub && Repository.StartsWith(OfficialPrefix, StringComparison.Ordinal) ? Repository[OfficialPrefix.Length..] : Repository;

    /// <summary>The reference as Docker shows it.</summary>
    public string Familiar => (Host == DockerHub ? FamiliarRepository : Name) + Suffix;

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static ImageReference Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Reads a reference.</summary>
    /// <exception cref="FormatException">The text is no reference.</exception>
    public static ImageReference Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out ImageReference? result) ? result : throw new FormatException($"\"{s}\" is not an image reference: it is written [host/]repository[:tag][@digest], lower case but for the tag");

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out ImageReference)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ImageReference result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>Reads a reference; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out ImageReference result)
    {
        result = null;
        Digest? digest = null;
        if (s.LastIndexOf('@') is var at and >= 0)
        {
            if (!Digests.Digest.TryParse(s[(at + 1)..], null, out Digest found))
                return false;
            digest = found;
            s = s[..at];
        }
        string? tag = null;
        if (s.LastIndexOf(':') is var colon && colon > s.LastIndexOf('/'))
        {
            tag = s[(colon + 1)..].ToString();
            if (!IsTag(tag))
                return false;
            s = s[..colon];
        }
        (string host, string repository) = SplitHost(s.ToString());
        if (host.Length + 1 + repository.Length > MaxNameLength || !HostPattern.IsMatch(host) || !RepositoryPattern.IsMatch(repository))
            return false;
        result = new ImageReference(host, repository, tag, digest);
        return true;
    }

    /// <summary>Is this a tag (distribution-spec, "Pulling manifests")?</summary>
    public static bool IsTag(string text) => TagPattern.IsMatch(text);

    /// <summary>The whole reference, defaults included.</summary>
    public override string ToString() => Name + Suffix;

    private string Suffix => (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    // The first part is a host only if it could not be a repository: it has a dot or a port, or is localhost.
    private static (string Host, string Repository) SplitHost(string name)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        string first = slash < 0 ? "" : name[..slash];
        if (first.AsSpan().ContainsAny('.', ':') || first == "localhost")
            return (first is "index.docker.io" ? DockerHub : first, first is "docker.io" or "index.docker.io" ? Official(name[(slash + 1)..]) : name[(slash + 1)..]);
        return (DockerHub, Official(name));
    }

    private static string Official(string repository) => repository.Contains('/', StringComparison.Ordinal) ? repository : OfficialPrefix + repository;

    [GeneratedRegex(@"^(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9.-]*[a-zA-Z0-9]|\[[a-fA-F0-9:]+\])(?::[0-9]{1,5})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostPattern { get; }

    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex RepositoryPattern { get; }

    [GeneratedRegex(@"^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TagPattern { get; }
}
