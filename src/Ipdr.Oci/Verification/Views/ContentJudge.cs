using System.Globalization;
using Ipdr.Oci.Archives;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Verification.Content;
using Ipdr.Oci.Verification.Documents;
using Ipdr.Oci.Verification.Files;
using Ipdr.Oci.Verification.Layers;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Holds what reading the contents has shown against what documents promise of them.</summary>
/// <remarks>
/// One defect is told once: content that is not what its digest says is not judged any further, since all else follows from that; and what is wrong with
/// a content by itself is told with the first reference to it.
/// </remarks>
internal sealed class ContentJudge(VerificationContext context)
{
    private static readonly Comparer<Digest> DigestOrder = Comparer<Digest>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));

    private readonly LookupBudget _lookups = new();
    private readonly HashSet<TargetFile> _judgedNames = [];
    private readonly HashSet<TargetFile> _judgedLayers = [];

    /// <summary>Size and digest; false when the content is not the one that is meant.</summary>
    /// <param name="item">Takes the findings.</param>
    /// <param name="file">The content.</param>
    /// <param name="digest">The digest that names it; null when nothing does.</param>
    /// <param name="descriptor">What else is promised; null when nothing is.</param>
    public bool JudgeContent(CheckedItem item, TargetFile file, Digest? digest, FoundDescriptor? descriptor)
    {
        ContentFacts facts = context.Ledger[file];
        if (facts.IsGone)
            return false;
        bool first = _judgedNames.Add(file);
        if (facts.Unreadable is { } unreadable)
        {
            if (first)
                item.Add(Finding.Of(unreadable, new Place(file.Path)));
            return false;
        }
        if (facts.RepeatsDiffer && first)
            item.Add(Finding.Of(FaultCode.AmbiguousDuplicate, "the member occurs twice with different content", new Place(file.Path)));
        Digest? actual = digest is { } named ? facts.Stored[named.Algorithm] : null;
        bool isMeant = actual == digest;
        if (!isMeant)
            context.Want(file.Path, digest!.Value, descriptor?.Size);
        if (descriptor?.Size is { } size && size != facts.Size)
            item.Add(WrongSize(descriptor, file, size, facts.Size, isMeant));
        else if (!isMeant && first)
            item.Add(Finding.Of(FaultCode.DigestMismatch, "the content does not have the digest that names it", new Place(file.Path), digest.ToString(), actual.ToString()));
        return isMeant;
    }

    /// <summary>Everything about the layers of one image, its DiffIds and their order included.</summary>
    public void JudgeLayers(FoundImage image)
    {
        IReadOnlyList<Digest?> promised = image.Config?.DiffIds ?? [];
        bool countFits = image.Config is null || promised.Count == image.Layers.Count;
        if (!countFits)
        {
            image.Item.Add(Finding.Of(
                FaultCode.LayerCountMismatch, "the image has another number of layers than its config has DiffIds", image.Where, $"{promised.Count} layers", $"{image.Layers.Count}"));
        }
        LayerStack stack = new(_lookups);
        List<(FoundLayer Layer, Finding Finding)> wrong = [], hidesNothing = [];
        List<Digest> found = [];
        for (int i = 0; i < image.Layers.Count; i++)
        {
            FoundLayer layer = image.Layers[i];
            ContentFacts? facts = JudgeLayer(layer);
            hidesNothing.AddRange(stack.Add(layer.File?.Path ?? "", facts?.Layer).Select(finding => (layer, finding)));
            if (facts is null || !countFits || i >= promised.Count || promised[i] is not { } diffId || !facts.Plain.TryGetValue(diffId.Algorithm, out Digest actual))
                continue;
            found.Add(actual);
            if (actual != diffId)
                wrong.Add((layer, WrongDiffId(layer, i, diffId, actual)));
        }
        bool isOrderRight = countFits && !(wrong.Count > 0 && IsPermutation(found, promised));
        if (countFits && !isOrderRight)
            image.Item.Add(Finding.Of(FaultCode.LayerOrder, "the layers are right but in the wrong order", image.Where));
        // What hides what is known only of layers that are the right ones in the right order.
        foreach ((FoundLayer layer, Finding finding) in isOrderRight ? hidesNothing.Concat(wrong) : [])
            layer.Item.Add(finding);
    }

    /// <summary>One layer by itself; the facts if it is a file system that could be read as such.</summary>
    private ContentFacts? JudgeLayer(FoundLayer layer)
    {
        if (layer.File is null || !JudgeContent(layer.Item, layer.File, layer.Digest, layer.Descriptor))
            return null;
        ContentFacts facts = context.Ledger[layer.File];
        Place place = new(layer.File.Path);
        if (!layer.IsFileSystem)
        {
            if (!context.Options.Quick)
                layer.Item.Add(Finding.Of(FaultCode.Unchecked, "the layer is of a type that is not known here; neither its DiffId nor what is in it was checked", place, actual: layer.Descriptor?.MediaType?.ToString()));
            return null;
        }
        layer.Item.Detail = facts.Format.ToString().ToLowerInvariant();
        if (layer.Descriptor?.MediaType?.LayerCompression is { } promised && promised != facts.Format)
        {
            layer.Item.Add(Finding.Of(
                FaultCode.MediaTypeMismatch,
                "the media type says another compression than the bytes have",
                layer.Descriptor.Place with { JsonPointer = layer.Descriptor.Place.JsonPointer + "/mediaType" },
                promised.ToString(),
                facts.Format.ToString()));
        }
        bool first = _judgedLayers.Add(layer.File.Canonical);
        if (first && facts.DecodeFault is { } broken)
            layer.Item.Add(Finding.Of(broken, place));
        if (first && facts.DecodeFault is null && facts.Layer is { } walked)
        {
            layer.Item.Add(walked.Findings);
            if (walked.Broken is { } fault)
                layer.Item.Add(Finding.Of(fault with { What = "the layer is no sound tar archive: " + fault.What }, place));
        }
        return facts.DecodeFault is null ? facts : null;
    }

    private static bool IsPermutation(List<Digest> found, IReadOnlyList<Digest?> promised) =>
        found.Count == promised.Count && promised.All(digest => digest is not null)
        && found.Order(DigestOrder).SequenceEqual(promised.Select(digest => digest!.Value).Order(DigestOrder));

    private static Finding WrongDiffId(FoundLayer layer, int position, Digest expected, Digest actual)
    {
        Fault fault = ContentFaults.DiffId("", position, expected, actual);
        return Finding.Of(fault with { Remedy = "" }, new Place(layer.File!.Path));
    }

    // When the content is the one that is meant, it is the document that is wrong.
    private static Finding WrongSize(FoundDescriptor descriptor, TargetFile file, long expected, long actual, bool isMeant) => Finding.Of(
        FaultCode.SizeMismatch,
        isMeant ? "the descriptor says another size than its content has" : "the content has neither the size nor the digest that is promised",
        isMeant ? descriptor.Place with { JsonPointer = descriptor.Place.JsonPointer + "/size" } : new Place(file.Path),
        string.Create(CultureInfo.InvariantCulture, $"{expected} bytes"),
        string.Create(CultureInfo.InvariantCulture, $"{actual} bytes"));
}
