using Ipdr.Oci.Archives;
using Ipdr.Oci.Conversion.Ingestion;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Conversion.Composition;

/// <summary>Which members the readings of an archive need, and as what.</summary>
internal static class ContentNeeds
{
    /// <summary>The DiffIds that members must have to be the layers they are taken for. Members of which two things are promised, or that come twice, are left out.</summary>
    public static Dictionary<ArchiveMember, Digest> DiffIds(IEnumerable<ArchiveNode> roots)
    {
        Dictionary<ArchiveMember, Digest?> promised = [];
        foreach (ImageNode image in roots.SelectMany(Soundness.Images).Distinct())
        {
            IReadOnlyList<Digest> diffIds = image.Config?.RootFs.DiffIds ?? [];
            for (int i = 0; i < Math.Min(diffIds.Count, image.Layers.Count); i++)
            {
                if (image.Layers[i] is not { IsLayer: true, Member: { Repeats.Count: 0 } member } layer)
                    continue;
                bool agree = promised.GetValueOrDefault(member, diffIds[i]) == diffIds[i] && (layer.Descriptor is null || layer.Descriptor.Digest == diffIds[i]);
                promised[member] = agree ? diffIds[i] : null;
            }
        }
        return promised.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!.Value);
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
}
