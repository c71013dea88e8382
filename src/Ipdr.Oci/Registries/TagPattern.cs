using System.Diagnostics.CodeAnalysis;
using System.IO.Enumeration;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Registries;

/// <summary>Which tags of a repository are meant: <c>*</c> stands for any characters, <c>?</c> for one. Neither can be part of a tag.</summary>
internal sealed record TagPattern
{
    private readonly string _text;

    private TagPattern(string text) => _text = text;

    /// <summary>Every tag.</summary>
    public static TagPattern Any { get; } = new("*");

    /// <summary>Parts a pattern from the repository that it stands behind, such as <c>1.*</c> in <c>host/team/app:1.*</c>.</summary>
    /// <returns>False if there is none, so that the text means one image or is wrong.</returns>
    public static bool TrySplit(string? text, [MaybeNullWhen(false)] out ImageReference repository, [MaybeNullWhen(false)] out TagPattern pattern)
    {
        (repository, pattern) = (null, null);
        int colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || !text.AsSpan(colon).ContainsAny('*', '?') || text.AsSpan(colon).Contains('/'))
            return false;
        pattern = new TagPattern(text![(colon + 1)..]);
        return ImageReference.TryParse(text.AsSpan(0, colon), null, out repository) && repository is { Tag: null, Digest: null };
    }

    /// <summary>Is this tag meant? Those that say what refers to a manifest are meant only where the pattern begins like them.</summary>
    public bool Matches(Tag tag) =>
        FileSystemName.MatchesSimpleExpression(_text, tag.ToString(), ignoreCase: false)
        && (!ReferrerTag.Is(tag.ToString()) || Enum.GetValues<DigestAlgorithm>().Any(algorithm => _text.StartsWith($"{algorithm.Name}-", StringComparison.Ordinal)));

    /// <summary>The pattern as it is written.</summary>
    public override string ToString() => _text;
}
