using System.Diagnostics.CodeAnalysis;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Registries;

/// <summary>All repositories of a registry, <c>HOST/*</c>, or those below a path, <c>HOST/PREFIX/*</c>.</summary>
internal sealed record RepositoryPattern
{
    private const string Any = "/*";

    private readonly string _prefix;

    private RepositoryPattern(string host, string prefix) => (Host, _prefix) = (host, prefix);

    /// <summary>The registry.</summary>
    public string Host { get; }

    /// <summary>The host, and the path below which repositories are meant.</summary>
    public string Path => $"{Host}/{_prefix}".TrimEnd('/');

    /// <summary>Reads a pattern; false for the name of one image, and for what is wrong.</summary>
    public static bool TryParse(string? text, [MaybeNullWhen(false)] out RepositoryPattern pattern)
    {
        pattern = text?.EndsWith(Any, StringComparison.Ordinal) == true && ImageReference.TryParse($"{text[..^1]}x", null, out ImageReference? below)
            ? new RepositoryPattern(below.Host, below.Repository[..^1])
            : null;
        return pattern is not null;
    }

    /// <summary>Is this repository meant?</summary>
    public bool Matches(ImageReference repository) => repository.Host == Host && repository.Repository.StartsWith(_prefix, StringComparison.Ordinal);

    /// <summary>The pattern as it is written.</summary>
    public override string ToString() => Path + Any;
}
