using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Layouts;

/// <summary>The file tree of a read-only registry, as IPDR writes it: what stands under <c>/v2/</c>.</summary>
internal static class RegistryV2Layout
{
    /// <summary>The repository of an image that has no name.</summary>
    public const string DefaultRepository = "default";

    private const string Latest = "latest";

    /// <summary>Where a manifest of an image's repository stands.</summary>
    /// <param name="name">The image; null for one without a name.</param>
    /// <param name="reference">The manifest's tag or digest.</param>
    public static string PathOf(Images.ImageReference? name, string reference) => $"{RepositoryOf(name)}/manifests/{reference}";

    public static LayoutPlan Plan(LayoutContents contents)
    {
        List<Placement> placements = [];
        List<Fault> warnings = [];
        foreach (IGrouping<string, LayoutRoot> repository in contents.Roots.Concat(contents.Lists).GroupBy(RepositoryOf).OrderBy(group => group.Key, StringComparer.Ordinal))
            placements.AddRange(Repository(repository.Key + "/", [.. repository], contents, warnings));
        return new LayoutPlan(placements, warnings);
    }

    /// <summary>The files of one repository, each path starting with <paramref name="prefix"/>.</summary>
    public static IEnumerable<Placement> Repository(string prefix, IReadOnlyList<LayoutRoot> roots, LayoutContents contents, List<Fault> warnings)
    {
        HashSet<Digest> manifests = [.. roots.SelectMany(root => contents.ManifestsFrom(root.Descriptor.Digest))];
        HashSet<Digest> blobs = [.. manifests.SelectMany(digest => contents.Manifests[digest].Blobs).Where(contents.Blobs.ContainsKey)];
        foreach (Digest digest in LayoutPlan.Ordered(blobs))
            yield return new Placement($"{prefix}blobs/{digest}", digest);
        foreach (Digest digest in LayoutPlan.Ordered(manifests))
            yield return new Placement($"{prefix}manifests/{digest}", digest);
        foreach ((string tag, Digest digest) in Tags(roots.Where(root => manifests.Contains(root.Descriptor.Digest)), warnings))
            yield return new Placement($"{prefix}manifests/{tag}", digest);
    }

    // latest is always there: clients that give no tag ask for it.
    private static SortedDictionary<string, Digest> Tags(IEnumerable<LayoutRoot> roots, List<Fault> warnings)
    {
        SortedDictionary<string, Digest> tags = new(StringComparer.Ordinal);
        Digest? first = null;
        foreach (LayoutRoot root in roots)
        {
            Digest digest = root.Descriptor.Digest;
            first ??= digest;
            string? tag = root.Name is { } name ? name.Tag ?? Latest : TagIn(root.Label);
            if (tag is not null && !tags.TryAdd(tag, digest) && tags[tag] != digest)
                warnings.Add(new Fault(FaultCode.NameConflict, $"two images want the tag {tag}; the second is there by its digest only", $"{root.Name?.ToString() ?? root.Label} {digest}", "Convert them to different places."));
        }
        if (first is { } top)
            tags.TryAdd(Latest, top);
        return tags;
    }

    private static string? TagIn(string? label) => label is not null && Images.ImageReference.IsTag(label) ? label : null;

    private static string RepositoryOf(LayoutRoot root) => RepositoryOf(root.Name);

    private static string RepositoryOf(Images.ImageReference? name) => name?.FamiliarRepository ?? DefaultRepository;
}
