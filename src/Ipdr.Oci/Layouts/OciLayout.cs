using Ipdr.Oci.Digests;
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

    public static LayoutPlan Plan(LayoutContents contents) =>
        new([.. LayoutPlan.Ordered(contents.Manifests.Keys.Concat(contents.Blobs.Keys).Distinct()).Select(digest => new Placement(PathOf(digest), digest))], []);

    /// <summary>The index of a layout that holds <paramref name="roots"/> beside what <paramref name="existing"/> lists.</summary>
    public static ImageIndex Index(IReadOnlyList<LayoutRoot> roots, ImageIndex? existing = null)
    {
        List<Descriptor> entries = [.. existing?.Manifests ?? []];
        foreach (Descriptor entry in Name(roots, entries))
            Add(entries, entry);
        ImageIndex index = existing ?? new ImageIndex(2) { MediaType = MediaType.OciIndex, Manifests = [] };
        return index with { Manifests = [.. entries.OrderBy(SortKey, StringComparer.Ordinal)] };
    }

    // A tag names an entry, as skopeo and Docker write it, unless two repositories have it: then the full reference does.
    private static IEnumerable<Descriptor> Name(IReadOnlyList<LayoutRoot> roots, IReadOnlyList<Descriptor> existing)
    {
        foreach (LayoutRoot root in roots)
        {
            Annotations annotations = new(root.Descriptor.Annotations ?? []);
            string? label = root.Label;
            if (root.Name is { } name)
            {
                annotations[Annotations.ContainerdImageName] = name.ToString();
                label ??= IsTagOfAnother(name, roots, existing) ? name.ToString() : name.Tag ?? "latest";
            }
            if (label is not null)
                annotations[Annotations.RefName] = label;
            yield return root.Descriptor with { Annotations = annotations.Count > 0 ? annotations : null };
        }
    }

    private static bool IsTagOfAnother(ImageReference name, IReadOnlyList<LayoutRoot> roots, IReadOnlyList<Descriptor> existing) =>
        roots.Any(root => root.Name is { } other && other.Tag == name.Tag && other.Name != name.Name)
        || existing.Any(entry => entry.Annotations?.GetValueOrDefault(Annotations.RefName) == name.Tag
            && entry.Annotations!.GetValueOrDefault(Annotations.ContainerdImageName) is var full && full != name.ToString());

    // A name moves to the new image; the image that had it stays, without the name.
    private static void Add(List<Descriptor> entries, Descriptor entry)
    {
        (string?, string?) names = NamesOf(entry);
        entries.RemoveAll(other => other.Digest == entry.Digest && (NamesOf(other) == names || NamesOf(other) == (null, null)));
        if (names != (null, null))
        {
            for (int i = 0; i < entries.Count; i++)
            {
                if (NamesOf(entries[i]) == names)
                    entries[i] = WithoutName(entries[i]);
            }
        }
        else if (entries.Any(other => other.Digest == entry.Digest))
        {
            return;
        }
        entries.Add(entry);
    }

    private static Descriptor WithoutName(Descriptor entry)
    {
        Annotations rest = new(entry.Annotations!.Where(pair => pair.Key is not (Annotations.RefName or Annotations.ContainerdImageName)));
        return entry with { Annotations = rest.Count > 0 ? rest : null };
    }

    private static (string? Label, string? Name) NamesOf(Descriptor entry) =>
        (entry.Annotations?.GetValueOrDefault(Annotations.RefName), entry.Annotations?.GetValueOrDefault(Annotations.ContainerdImageName));

    private static string SortKey(Descriptor entry) => $"{NamesOf(entry).Name}\n{NamesOf(entry).Label}\n{entry.Digest}";
}
