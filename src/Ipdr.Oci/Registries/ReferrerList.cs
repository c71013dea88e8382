using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;

namespace Ipdr.Oci.Registries;

/// <summary>The index that lists what refers to a manifest, under <see cref="ReferrerTag.ListOf"/> (distribution-spec, "Referrers Tag Schema").</summary>
internal static class ReferrerList
{
    /// <summary>Adds what a list lacks, in ordinal order of the digests: what is new depends on what there is, not on who told it first.</summary>
    /// <param name="known">The list as it is; null where there is none.</param>
    /// <param name="referrers">What refers to the manifest.</param>
    /// <returns>The new list; null if there is nothing to add.</returns>
    public static ImageIndex? Add(ImageIndex? known, IEnumerable<Descriptor> referrers)
    {
        ImageIndex list = known ?? new ImageIndex(2) { MediaType = MediaType.OciIndex, Manifests = [] };
        Descriptor[] added = [.. referrers.Where(referrer => list.Manifests.All(listed => listed.Digest != referrer.Digest)).DistinctBy(referrer => referrer.Digest).OrderBy(referrer => referrer.Digest.ToString(), StringComparer.Ordinal)];
        return added.Length == 0 ? null : list with { Manifests = [.. list.Manifests, .. added] };
    }

    /// <summary>Writes a list down, as one of the manifests of a layout.</summary>
    public static (Descriptor Descriptor, LayoutManifest Manifest) Write(ImageIndex list)
    {
        ReadOnlyMemory<byte> content = Document.Write(list);
        return (new Descriptor(MediaType.OciIndex, Digest.OfContent(DigestAlgorithm.Sha256, content.Span), content.Length), new LayoutManifest(content, [.. list.Manifests.Select(listed => listed.Digest)], []));
    }

    /// <summary>Takes a referrer off a list.</summary>
    /// <returns>The new list; null if it was not on it.</returns>
    public static ImageIndex? Remove(ImageIndex? known, Digest referrer)
    {
        Descriptor[] left = [.. known?.Manifests.Where(listed => listed.Digest != referrer) ?? []];
        return known is null || left.Length == known.Manifests.Count ? null : known with { Manifests = left };
    }
}
