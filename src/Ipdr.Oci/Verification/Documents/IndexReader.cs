using System.Text.RegularExpressions;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Verification.Documents;

/// <summary>Reads image indexes (image-spec, image-index.md) and Docker's manifest lists.</summary>
internal static partial class IndexReader
{
    /// <summary>Reads an index.</summary>
    /// <param name="document">The document.</param>
    /// <param name="isLayoutIndex">It is the <c>index.json</c> of a layout, whose entries have names.</param>
    public static FoundIndex? Read(StrictDocument document, bool isLayoutIndex)
    {
        if (document.Root.AsObject() is not { } root)
            return null;
        ManifestReader.CheckVersion(root);
        MediaType? type = DescriptorReader.ReadMediaType(root, required: false);
        if (type is null && !root.Has("mediaType"))
            document.Report(FaultCode.MissingMediaType, "/mediaType", "the index does not say its media type", MediaType.OciIndex.ToString());
        else if (type is { IsIndex: false } other)
            root.Member("mediaType")!.Value.Report("the document says that it is something else than an index", "an image index", other.ToString());
        if (root.Has("config") || root.Has("layers"))
            root.Report("the document is both an index and a manifest; tools disagree on what it means");
        _ = root.Text("artifactType");
        _ = root.Texts("annotations");
        IReadOnlyList<JsonView> entries = root.Require("manifests")?.AsItems() ?? [];
        FoundDescriptor[] manifests = [.. entries.Select(entry => DescriptorReader.Read(entry, inIndex: true)).OfType<FoundDescriptor>()];
        CheckRepeats(document, manifests);
        if (isLayoutIndex)
            CheckNames(document, manifests);
        return new FoundIndex(manifests, DescriptorReader.Read(root.Member("subject")));
    }

    // The same entry under two names, or for two platforms, is no repeat.
    private static void CheckRepeats(StrictDocument document, FoundDescriptor[] manifests)
    {
        Dictionary<string, FoundDescriptor> seen = new(StringComparer.Ordinal);
        foreach (FoundDescriptor entry in manifests.Where(entry => entry.Digest is not null))
        {
            string key = string.Join('\n', [entry.Digest!.Value.ToString(), entry.MediaType?.ToString(), entry.Platform?.ToString(), entry.Platform?.OsVersion,
                .. entry.Annotations.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")]);
            if (!seen.TryAdd(key, entry))
                document.Report(FaultCode.DuplicateEntry, entry.Place.JsonPointer!, $"the entry repeats {seen[key].Place.JsonPointer}", actual: entry.Digest.ToString());
        }
    }

    // Docker gives all repositories the same label, their tag; then the full names tell them apart.
    private static void CheckNames(StrictDocument document, FoundDescriptor[] manifests)
    {
        Dictionary<(string, string?), FoundDescriptor> seen = [];
        foreach (FoundDescriptor entry in manifests)
        {
            if (entry.Annotation(Annotations.RefName) is not { } label)
                continue;
            string place = JsonView.Join(entry.Place.JsonPointer + "/annotations", Annotations.RefName);
            if (!LabelPattern.IsMatch(label))
                document.Report(FaultCode.BadReference, place, "the label breaks the grammar of image-spec, annotations.md", actual: label);
            if (!seen.TryAdd((label, entry.Annotation(Annotations.ContainerdImageName)), entry)
                && seen[(label, entry.Annotation(Annotations.ContainerdImageName))] is var first
                && first.Digest != entry.Digest && (first.Platform is null || entry.Platform is null || first.Platform == entry.Platform))
            {
                document.Report(FaultCode.NameConflict, place, $"the label is also that of {first.Place.JsonPointer}, which is another image", actual: label);
            }
        }
    }

    // ref ::= component ("/" component)*, component ::= alphanum (separator alphanum)*, separator ::= [-._:@+] | "--"
    [GeneratedRegex(@"^[A-Za-z0-9]+(?:(?:[-._:@+]|--)[A-Za-z0-9]+)*(?:/[A-Za-z0-9]+(?:(?:[-._:@+]|--)[A-Za-z0-9]+)*)*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex LabelPattern { get; }
}
