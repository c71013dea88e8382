using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Verification.Content;
using Ipdr.Oci.Verification.Documents;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Holds the descriptions that one target has of the same images against each other.</summary>
/// <remarks>
/// <c>index.json</c> knows all platforms and <c>manifest.json</c> one of them; <c>manifest.json</c> knows untagged images and <c>index.json</c> does not. Neither is
/// a contradiction.
/// </remarks>
internal static class ViewComparison
{
    /// <summary><c>manifest.json</c> against <c>index.json</c>.</summary>
    public static void OfDocker(CheckedItem root, IReadOnlyList<FoundImage> docker, IReadOnlyList<FoundImage> oci, ContentLedger ledger)
    {
        ILookup<Digest, FoundImage> byId = oci.Where(image => image.ImageId is not null).ToLookup(image => image.ImageId!.Value);
        ILookup<string, FoundImage> byName = oci.Where(image => image is { IsAlone: true, ImageId: not null }).SelectMany(image => image.Names.Select(name => (name, image))).ToLookup(pair => pair.name, pair => pair.image);
        bool isAllKnown = oci.All(image => image.ImageId is not null);
        foreach (FoundImage image in docker.Where(image => image.ImageId is not null))
        {
            FoundImage[] twins = [.. byId[image.ImageId!.Value]];
            if (twins.Length == 0 && image.Names.Count > 0 && isAllKnown)
                root.Add(Disagreement(image.Where, "manifest.json names an image to which index.json does not lead", image.ImageId));
            else if (twins.Length > 0 && !twins.Any(twin => SameLayers(image, twin, ledger)))
                root.Add(Disagreement(image.Where, $"manifest.json gives the image other layers than {twins[0].Where.File}", image.ImageId));
            foreach ((string name, FoundImage other) in image.Names.SelectMany(name => byName[name].Where(other => other.ImageId != image.ImageId).Select(other => (name, other))))
                root.Add(Disagreement(image.Where, $"{name} is another image in index.json", image.ImageId, other.ImageId));
        }
        if (docker.Any(image => image.ImageId is null))
            return;
        HashSet<Digest> named = [.. docker.Select(image => image.ImageId!.Value)];
        foreach (FoundImage image in oci.Where(image => image is { IsAlone: true, ImageId: { } id } && !named.Contains(id)))
            root.Add(Disagreement(image.Where, "index.json leads to an image that manifest.json does not name", null, image.ImageId));
    }

    /// <summary>The tags of a repository against <c>index.json</c> of the same folder.</summary>
    public static void OfRepository(CheckedItem root, FoundIndex index, IReadOnlyDictionary<string, Digest> tags)
    {
        // What refers to a manifest is listed for those who ask a registry; in the index it stands by itself.
        foreach ((string tag, Digest digest) in tags.Where(tag => !ReferrerTag.IsList(tag.Key)))
        {
            FoundDescriptor[] labelled = [.. index.Manifests.Where(entry => IsNamed(entry, tag))];
            if (!index.Manifests.Any(entry => entry.Digest == digest))
                root.Add(Finding.Of(FaultCode.ViewsDisagree, "the tag names a manifest that index.json does not list", new Place($"manifests/{tag}"), actual: digest.ToString()));
            else if (labelled.Length > 0 && labelled.All(entry => entry.Digest != digest))
                root.Add(Finding.Of(FaultCode.ViewsDisagree, "the tag names another manifest than index.json", new Place($"manifests/{tag}"), labelled[0].Digest.ToString(), digest.ToString()));
        }
        foreach (FoundDescriptor entry in index.Manifests.Where(entry => entry.Annotation(Annotations.RefName) is { } label && ImageReference.IsTag(label) && !tags.ContainsKey(label)))
            root.Add(Finding.Of(FaultCode.ViewsDisagree, "index.json has a tag that is not among the manifests", entry.Place, actual: entry.Annotation(Annotations.RefName)));
    }

    private static bool IsNamed(FoundDescriptor entry, string tag) => entry.Annotation(Annotations.RefName) == tag;

    // The same files in the same order, or else the same plain content in the same order.
    private static bool SameLayers(FoundImage one, FoundImage other, ContentLedger ledger)
    {
        if (one.Layers.Count != other.Layers.Count)
            return false;
        for (int i = 0; i < one.Layers.Count; i++)
        {
            FoundLayer a = one.Layers[i], b = other.Layers[i];
            // What is missing is told as such.
            if (a.File is null || b.File is null || a.File.Canonical == b.File.Canonical)
                continue;
            if (ContentOf(a, ledger) is not { } content || content != ContentOf(b, ledger))
                return false;
        }
        return true;
    }

    private static Digest? ContentOf(FoundLayer layer, ContentLedger ledger)
    {
        ContentFacts facts = ledger[layer.File!];
        return facts.Plain.TryGetValue(DigestAlgorithm.Sha256, out Digest plain) ? plain : facts.Stored.TryGetValue(DigestAlgorithm.Sha256, out Digest stored) ? stored : null;
    }

    private static Finding Disagreement(Place where, string what, Digest? docker, Digest? oci = null) => Finding.Of(FaultCode.ViewsDisagree, what, where, docker?.ToString(), oci?.ToString());
}
