using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Layouts;

/// <summary>Everything that a layout will hold, whatever its form.</summary>
internal sealed class LayoutContents
{
    /// <summary>The entries, in the order in which they are written.</summary>
    public required IReadOnlyList<LayoutRoot> Roots { get; init; }

    /// <summary>Lists of what refers to manifests, under the tags by which a registry is asked for them: they are in its folders, and not in an index. Default none.</summary>
    public IReadOnlyList<LayoutRoot> Lists { get; init; } = [];

    /// <summary>Manifests and indexes.</summary>
    public required IReadOnlyDictionary<Digest, LayoutManifest> Manifests { get; init; }

    /// <summary>Configs, layers and all other blobs.</summary>
    public required IReadOnlyDictionary<Digest, BlobContent> Blobs { get; init; }

    /// <summary>What an archive lists, in its own order: the entries' digests, null for what is not among them. Null where nothing was listed in another order.</summary>
    public IReadOnlyList<Digest?>? Listed { get; init; }

    /// <summary>All manifests that are reached from one, itself included, each once.</summary>
    public IEnumerable<Digest> ManifestsFrom(Digest root)
    {
        HashSet<Digest> seen = [];
        Stack<Digest> left = new([root]);
        while (left.TryPop(out Digest digest))
        {
            if (!Manifests.TryGetValue(digest, out LayoutManifest? manifest) || !seen.Add(digest))
                continue;
            yield return digest;
            foreach (Digest child in manifest.Manifests)
                left.Push(child);
        }
    }
}
