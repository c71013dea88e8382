using System.Diagnostics.CodeAnalysis;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Cli.Commands;

/// <summary>What is to be removed: a name in the store, or an image of a registry. One of the two is there.</summary>
/// <param name="Stored">The name in the store.</param>
/// <param name="Elsewhere">The image of a registry, with a tag or a digest.</param>
internal sealed record RemovedName(RepositoryReference? Stored, ImageReference? Elsewhere) : IParsable<RemovedName>
{
    private const string Registry = "docker://", Store = "store:";

    /// <summary>Reads <c>REPOSITORY[:TAG]</c>, <c>REPOSITORY@DIGEST</c>, or an image behind <c>docker://</c>.</summary>
    /// <exception cref="FormatException">It is neither, or it is not said which image of a repository is meant.</exception>
    public static RemovedName Parse(string s, IFormatProvider? provider)
    {
        if (!s.StartsWith(Registry, StringComparison.Ordinal))
            return new RemovedName(RepositoryReference.Parse(s.StartsWith(Store, StringComparison.Ordinal) ? s[Store.Length..] : s), null);
        ImageReference image = ImageReference.Parse(s[Registry.Length..]);
        // latest is what people forget to write, and nothing to guess where it is lost then.
        if (image.Tag is null && image.Digest is null)
            throw new FormatException($"{s} is a repository: say which image of it, with :TAG or @DIGEST");
        return image.Tag is null || image.Digest is null ? new RemovedName(null, image)
            : throw new FormatException($"{s} has a tag and a digest: the tag alone is removed by {Registry}{image.Name}:{image.Tag}, the manifest with all its tags by {Registry}{image.Name}@{image.Digest}");
    }

    /// <summary>Reads the same; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out RemovedName result)
    {
        try
        {
            result = s is null ? null : Parse(s, provider);
            return result is not null;
        }
        catch (FormatException)
        {
            result = null;
            return false;
        }
    }

    /// <summary>The name as it is written.</summary>
    public override string ToString() => Elsewhere is null ? $"{Stored}" : Registry + Elsewhere;
}
