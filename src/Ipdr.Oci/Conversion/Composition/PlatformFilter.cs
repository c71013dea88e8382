using Ipdr.Oci.Archives;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Conversion.Composition;

/// <summary>Leaves only images for the platforms that were asked for, with the attestations that speak of them.</summary>
internal sealed class PlatformFilter(IReadOnlyList<Platform> wanted)
{
    private readonly SortedSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<ArchiveNode, ArchiveNode?> _filtered = [];

    /// <summary>The roots that lead to something wanted.</summary>
    public ArchiveView Apply(ArchiveView view)
    {
        if (wanted.Count == 0)
            return view;
        List<ArchiveRoot> roots = [];
        foreach (ArchiveRoot root in view.Roots)
        {
            if (Apply(root.Node, root.Platform) is { } node)
                roots.Add(root with { Node = node });
        }
        return view with { Roots = roots };
    }

    /// <summary>Refuses to go on with nothing.</summary>
    /// <exception cref="IpdrException">Nothing is left in any reading, which has no faults of its own; <see cref="FaultCode.NoPlatform"/>.</exception>
    public void RequireAny(params ReadOnlySpan<ArchiveView?> views)
    {
        foreach (ArchiveView? view in views)
        {
            if (view is not null && (view.Roots.Count > 0 || view.Faults.Count > 0))
                return;
        }
        throw new IpdrException(new Fault(FaultCode.NoPlatform, $"no image is for {string.Join(" or ", wanted)}", "", "Ask for a platform that the archive has.")
        {
            Actual = string.Join(", ", _seen),
        });
    }

    private ArchiveNode? Apply(ArchiveNode node, Platform? promised)
    {
        if (!_filtered.TryGetValue(node, out ArchiveNode? result))
            _filtered[node] = result = Filter(node, promised);
        return result;
    }

    private ArchiveNode? Filter(ArchiveNode node, Platform? promised) => node switch
    {
        ImageNode image => Serves(image.Config?.Platform ?? promised) ? image : null,
        IndexNode index => Filter(index),
        _ => promised is null || promised.IsUnknown ? node : Serves(promised) ? node : null,
    };

    private IndexNode? Filter(IndexNode index)
    {
        List<(Descriptor Descriptor, ArchiveNode? Node)> kept = [];
        foreach ((Descriptor descriptor, ArchiveNode? node) in index.Children)
        {
            if (node is null ? Serves(descriptor.Platform) : node is not ArtifactNode && Apply(node, descriptor.Platform) is not null)
                kept.Add((descriptor, node is null ? null : Apply(node, descriptor.Platform)));
        }
        if (kept.Count == 0)
            return null;
        HashSet<string> digests = [.. kept.Select(child => child.Descriptor.Digest.ToString())];
        kept.AddRange(index.Children.Where(child => child.Node is ArtifactNode artifact && SpeaksOf(child.Descriptor, artifact, digests)));
        return new IndexNode { Descriptor = index.Descriptor, Where = index.Where, Index = index.Index, IndexBytes = index.IndexBytes, Children = kept };
    }

    private static bool SpeaksOf(Descriptor descriptor, ArtifactNode artifact, HashSet<string> digests) =>
        (descriptor.Annotations?.GetValueOrDefault(Annotations.DockerReferenceDigest) is { } reference && digests.Contains(reference))
        || (artifact.Manifest.Subject is { } subject && digests.Contains(subject.Digest.ToString()));

    private bool Serves(Platform? platform)
    {
        if (platform is null)
            return false;
        if (!platform.IsUnknown)
            _seen.Add(platform.ToString());
        return wanted.Any(platform.Serves);
    }
}
