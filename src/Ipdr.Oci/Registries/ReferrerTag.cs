using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Registries;

/// <summary>Tags that say by their form of which manifest they speak, for registries that cannot list referrers.</summary>
internal static class ReferrerTag
{
    // distribution-spec, "Referrers Tag Schema": what is longer is cut.
    private const int MaxAlgorithm = 32, MaxEncoded = 64;

    // Signatures, attestations and SBOMs, as cosign has attached them before there were subjects, and does by default where none are asked for.
    private static readonly string[] CosignEndings = [".sig", ".att", ".sbom"];

    /// <summary>The tag of an index that lists the referrers of a manifest (distribution-spec, "Referrers Tag Schema").</summary>
    public static Tag ListOf(Digest subject) => Tag.Parse(Text(subject));

    /// <summary>The tags under which cosign attaches something to a manifest.</summary>
    public static IEnumerable<Tag> CosignOf(Digest subject)
    {
        foreach (string ending in CosignEndings)
        {
            if (Tag.TryParse($"{subject.Algorithm.Name}-{subject.Encoded}{ending}", null, out Tag tag))
                yield return tag;
        }
    }

    /// <summary>Is it a tag of one of these forms?</summary>
    public static bool Is(string? text)
    {
        if (text is null)
            return false;
        return IsList(text) || TryFindSubject(text, out _);
    }

    /// <summary>Reads one of cosign's tags.</summary>
    /// <param name="text">The tag.</param>
    /// <param name="subject">The manifest that it speaks of.</param>
    /// <returns>False if it is another tag.</returns>
    public static bool TryFindSubject(string text, out Digest subject)
    {
        subject = default;
        return CosignEndings.FirstOrDefault(ending => text.EndsWith(ending, StringComparison.Ordinal)) is { } found
            && TrySplit(text[..^found.Length], out string algorithm, out string encoded) && Digest.TryParse($"{algorithm}:{encoded}", null, out subject);
    }

    /// <summary>Is it the tag of a list?</summary>
    public static bool IsList(string text) => TrySplit(text, out string algorithm, out string encoded)
        && (Digest.TryParse($"{algorithm}:{encoded}", null, out _)
            || (encoded.Length == MaxEncoded && encoded.All(char.IsAsciiHexDigitLower) && Enum.GetValues<DigestAlgorithm>().Any(known => known.Name == algorithm)));

    private static bool TrySplit(string text, out string algorithm, out string encoded)
    {
        int cut = text.IndexOf('-', StringComparison.Ordinal);
        (algorithm, encoded) = cut > 0 ? (text[..cut], text[(cut + 1)..]) : ("", "");
        return cut > 0;
    }

    private static string Text(Digest subject)
    {
        string algorithm = subject.Algorithm.Name, encoded = subject.Encoded;
        return $"{algorithm[..Math.Min(algorithm.Length, MaxAlgorithm)]}-{encoded[..Math.Min(encoded.Length, MaxEncoded)]}";
    }
}
