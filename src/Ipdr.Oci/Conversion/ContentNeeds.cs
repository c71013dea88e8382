using Ipdr.Oci.Archives;

namespace Ipdr.Oci.Conversion;

/// <summary>Which members the readings of an archive need, and as what.</summary>
internal static class ContentNeeds
{
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
