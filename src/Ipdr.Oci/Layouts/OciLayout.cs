using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Layouts;

/// <summary>An OCI image layout (image-spec, image-layout.md).</summary>
internal static class OciLayout
{
    /// <summary>The marker's name.</summary>
    public const string MarkerFile = "oci-layout";

    /// <summary>The index's name.</summary>
    public const string IndexFile = "index.json";

    /// <summary>The marker's content.</summary>
    public static ReadOnlyMemory<byte> Marker { get; } = """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray();

    public static string PathOf(Digest digest) => $"blobs/{digest.Algorithm.Name}/{digest.Encoded}";

    public static LayoutPlan Plan(LayoutContents contents)
    {
        HashSet<Digest> lists = [.. contents.Lists.Select(list => list.Descriptor.Digest).Except(contents.Roots.Select(root => root.Descriptor.Digest))];
        return new([.. LayoutPlan.Ordered(contents.Manifests.Keys.Where(manifest => !lists.Contains(manifest)).Concat(contents.Blobs.Keys).Distinct()).Select(digest => new Placement(PathOf(digest), digest))], []);
    }

    /// <summary>The index of a layout that holds <paramref name="roots"/> beside what <paramref name="existing"/> lists.</summary>
    public static ImageIndex Index(IReadOnlyList<LayoutRoot> roots, ImageIndex? existing = null)
    {
        IndexEntries entries = new(existing?.Manifests ?? []);
        foreach (Descriptor entry in Name(roots, existing?.Manifests ?? []))
            entries.Add(entry);
        ImageIndex index = existing ?? new ImageIndex(2) { MediaType = MediaType.OciIndex, Manifests = [] };
        return index with { Manifests = entries.Ordered() };
    }

    /// <summary>As <see cref="Index"/>, written down.</summary>
    /// <exception cref="IpdrException">It would be larger than what tools read; <see cref="FaultCode.Limit"/>.</exception>
    public static ReadOnlyMemory<byte> IndexDocument(IReadOnlyList<LayoutRoot> roots, ImageIndex? existing = null)
    {
        ReadOnlyMemory<byte> document = Document.Write(Index(roots, existing));
        return document.Length <= Document.MaxBytes ? document : throw new IpdrException(new Fault(
            FaultCode.Limit, "the index of the layout would be too large for tools to read", IndexFile, "Spread the images or their names over several layouts.")
        {
            Expected = $"at most {Document.MaxBytes} bytes",
            Actual = $"{document.Length} bytes",
        });
    }

    // A tag names an entry, as skopeo and Docker write it, unless two repositories have it: then the full reference does.
    private static IEnumerable<Descriptor> Name(IReadOnlyList<LayoutRoot> roots, IReadOnlyList<Descriptor> existing)
    {
        ILookup<string, string> repositories = roots.Select(root => root.Name).OfType<ImageReference>().DistinctBy(name => (name.Tag, name.Name)).ToLookup(TagOf, name => name.Name);
        ILookup<string?, string?> names = existing.Select(IndexEntries.NamesOf).Distinct().ToLookup(entry => entry.Label, entry => entry.Name);
        foreach (LayoutRoot root in roots)
        {
            Annotations annotations = new(root.Descriptor.Annotations ?? []);
            string? label = root.Label;
            if (root.Name is { } name)
            {
                annotations[Annotations.ContainerdImageName] = name.ToString();
                bool isTagOfAnother = repositories[TagOf(name)].Skip(1).Any() || names[TagOf(name)].Any(other => other != name.ToString());
                label ??= isTagOfAnother ? name.ToString() : TagOf(name);
            }
            if (label is not null)
                annotations[Annotations.RefName] = label;
            yield return root.Descriptor with { Annotations = annotations.Count > 0 ? annotations : null };
        }
    }

    private static string TagOf(ImageReference name) => name.Tag ?? "latest";
}
