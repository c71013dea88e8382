using Ipdr.Oci.Archives;
using Ipdr.Oci.Conversion.Ingestion;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Conversion.Composition;

/// <summary>Which members the readings of an archive need, and as what.</summary>
internal static class ContentNeeds
{
    /// <summary>What is promised of members that are layers. Those of which two things are promised, or that come twice, are left out.</summary>
    public static Dictionary<ArchiveMember, LayerPromise> Promises(IEnumerable<ArchiveNode> roots)
    {
        Dictionary<ArchiveMember, LayerPromise?> promises = [];
        foreach (ImageNode image in roots.SelectMany(Soundness.Images).Distinct())
        {
            IReadOnlyList<Digest> diffIds = image.Config?.RootFs.DiffIds ?? [];
            for (int i = 0; i < Math.Min(diffIds.Count, image.Layers.Count); i++)
            {
                if (image.Layers[i] is not { IsLayer: true, Member: { Repeats.Count: 0 } member } layer)
                    continue;
                LayerPromise promise = new(diffIds[i], layer.Descriptor?.Digest);
                promises[member] = promises.TryGetValue(member, out LayerPromise? other) ? Both(promise, other) : promise;
            }
        }
        return promises.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!);
    }

    public static Dictionary<ArchiveMember, ContentUse> Of(IEnumerable<ArchiveNode> roots)
    {
        Dictionary<ArchiveMember, ContentUse> needs = [];
        HashSet<ArchiveNode> seen = [];
        Stack<ArchiveNode> left = new(roots);
        while (left.TryPop(out ArchiveNode? node))
        {
            if (!seen.Add(node))
                continue;
            foreach (ContentReference reference in Soundness.References(node).Where(reference => reference.Member is not null))
            {
                ContentUse use = node is ImageNode && reference.IsLayer ? ContentUse.Layer : ContentUse.Blob;
                needs[reference.Member!] = needs.GetValueOrDefault(reference.Member!) | use;
            }
            if (node is IndexNode index)
            {
                foreach (ArchiveNode child in index.Children.Select(child => child.Node).OfType<ArchiveNode>())
                    left.Push(child);
            }
        }
        return needs;
    }

    // manifest.json speaks of DiffIds alone, an OCI manifest of the same layer of its blob too.
    private static LayerPromise? Both(LayerPromise one, LayerPromise? other) =>
        one.DiffId == other?.DiffId && (one.Stored ?? other.Stored) == (other.Stored ?? one.Stored) ? one with { Stored = one.Stored ?? other.Stored } : null;
}
