using Ipdr.Oci.Archives;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Conversion.Composition;

/// <summary>Tells which parts of an archive can be converted.</summary>
internal static class Soundness
{
    public static bool IsSound(ArchiveNode node) => !FaultsOf(node).Any();

    /// <summary>What is wrong with a node itself: its document, its content, and content that is missing.</summary>
    public static IEnumerable<Fault> FaultsOf(ArchiveNode node) => node.Faults.Concat(References(node).Where(content => content.Member is null && !content.MayBeAbsent).Select(content => content.Missing!));

    /// <summary>All images that a node leads to, each once.</summary>
    public static IEnumerable<ImageNode> Images(ArchiveNode node) => Images(node, []);

    /// <summary>Everything below a node that is no document.</summary>
    public static IEnumerable<ContentReference> References(ArchiveNode node) => node switch
    {
        ImageNode image => image.Layers,
        ArtifactNode artifact => artifact.Blobs,
        OpaqueNode opaque => [opaque.Content],
        _ => [],
    };

    /// <summary>
    /// The node without the parts of indexes that are not in the archive, which is how engines save images of which they hold one platform;
    /// null when nothing of it can be used. What is dropped is a warning while something is left, and an error otherwise.
    /// </summary>
    public static ArchiveNode? Prune(ArchiveNode node, List<Fault> errors, List<Fault> warnings)
    {
        if (node is not IndexNode index)
        {
            Fault[] faults = [.. FaultsOf(node)];
            errors.AddRange(faults);
            return faults.Length == 0 ? node : null;
        }
        List<Fault> missing = [];
        IndexNode? pruned = Prune(index, errors, missing, []);
        if (pruned is null)
            errors.AddRange(missing);
        else
            warnings.AddRange(missing.Distinct().Select(fault => fault with { Code = FaultCode.PartialIndex, Remedy = "What is in the archive was converted." }));
        return pruned;
    }

    // Indexes may name one another many times over: followed along every way, eight levels of a hundred entries would never end.
    private static IEnumerable<ImageNode> Images(ArchiveNode node, HashSet<ArchiveNode> seen) => node switch
    {
        _ when !seen.Add(node) => [],
        ImageNode image => [image],
        IndexNode index => index.Children.SelectMany(child => child.Node is null ? [] : Images(child.Node, seen)),
        _ => [],
    };

    private static IndexNode? Prune(IndexNode index, List<Fault> errors, List<Fault> missing, Dictionary<IndexNode, IndexNode?> done)
    {
        if (!done.TryGetValue(index, out IndexNode? pruned))
            done[index] = pruned = PruneNew(index, errors, missing, done);
        return pruned;
    }

    private static IndexNode? PruneNew(IndexNode index, List<Fault> errors, List<Fault> missing, Dictionary<IndexNode, IndexNode?> done)
    {
        List<(Descriptor, ArchiveNode?)> kept = [];
        foreach ((Descriptor descriptor, ArchiveNode? node) in index.Children)
        {
            if (node is null)
                missing.Add(Absent(descriptor, index.Where));
            else if (PruneChild(node, errors, missing, done) is { } child)
                kept.Add((descriptor, child));
        }
        if (kept.Count == 0 && index.Children.Count > 0)
            return null;
        return kept.Count == index.Children.Count && kept.SequenceEqual(index.Children)
            ? index
            : new IndexNode { Descriptor = index.Descriptor, Where = index.Where, Index = index.Index, IndexBytes = index.IndexBytes, Children = kept };
    }

    private static ArchiveNode? PruneChild(ArchiveNode node, List<Fault> errors, List<Fault> missing, Dictionary<IndexNode, IndexNode?> done)
    {
        if (node is IndexNode index)
            return Prune(index, errors, missing, done);
        Fault[] faults = [.. FaultsOf(node)];
        if (faults.Length == 0)
            return node;
        bool onlyMissing = faults.All(fault => fault.Code is FaultCode.MissingBlob or FaultCode.MissingConfig or FaultCode.MissingLayer);
        (onlyMissing ? missing : errors).AddRange(faults);
        return null;
    }

    private static Fault Absent(Descriptor descriptor, string where) =>
        new(FaultCode.MissingBlob, $"{descriptor.Digest} ({descriptor.Platform?.ToString() ?? descriptor.MediaType.ToString()}) is not in the archive", where, "Save the image again, with every platform you need present in the engine.");
}
