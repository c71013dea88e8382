using Ipdr.Oci.Archives;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Conversion.Composition;

/// <summary>Makes one of the two readings of an archive: the sound one is used, the other reported.</summary>
/// <remarks>
/// <c>index.json</c> knows all platforms and <c>manifest.json</c> one; <c>manifest.json</c> knows untagged images and <c>index.json</c>
/// does not; Docker 25.0.0 wrote the layers of OCI manifests in the wrong order. So the OCI reading of an image is taken
/// where it is sound, the Docker reading where it is not, and what only one of them has is taken from that one.
/// </remarks>
internal sealed class ViewReconciler
{
    private readonly List<Fault> _warnings;
    private readonly List<ArchiveRoot> _roots = [];
    private readonly List<Fault> _errors = [];

    private ViewReconciler(List<Fault> warnings) => _warnings = warnings;

    /// <summary>The roots to convert; faults that leave nothing to convert are thrown together.</summary>
    /// <exception cref="IpdrException">Neither reading is sound.</exception>
    public static IReadOnlyList<ArchiveRoot> Reconcile(ArchiveView? docker, ArchiveView? oci, List<Fault> warnings)
    {
        ViewReconciler reconciler = new(warnings);
        foreach (ArchiveView view in new[] { docker, oci }.OfType<ArchiveView>())
            warnings.AddRange(view.Warnings);
        if (docker is not null && oci is not null)
            reconciler.Join(docker, oci);
        else
            reconciler.Take(docker ?? oci!);
        return reconciler._errors.Count == 0 ? reconciler._roots : throw new IpdrException(Distinct(reconciler._errors));
    }

    private void Take(ArchiveView view)
    {
        _errors.AddRange(view.Faults);
        foreach (ArchiveRoot root in view.Roots)
            TakeRoot(root);
    }

    private void TakeRoot(ArchiveRoot root)
    {
        if (Soundness.Prune(root.Node, _errors, _warnings) is { } node)
            _roots.Add(root with { Node = node });
    }

    private void Join(ArchiveView docker, ArchiveView oci)
    {
        if (docker.Faults.Count > 0 && oci.Faults.Count > 0)
        {
            _errors.AddRange([.. docker.Faults, .. oci.Faults]);
            return;
        }
        Disagree(WellKnown.DockerManifest, docker.Faults);
        Disagree(WellKnown.Index, oci.Faults);

        Dictionary<Digest, ImageNode> fromDocker = [];
        foreach (ImageNode image in docker.Roots.Select(root => root.Node).OfType<ImageNode>().Where(image => !image.ConfigBytes.IsEmpty))
            fromDocker.TryAdd(ImageId(image), image);

        HashSet<Digest> covered = [];
        foreach (ArchiveRoot root in oci.Roots)
            TakeOci(root, fromDocker, covered);
        foreach (ArchiveRoot root in docker.Roots)
        {
            if (root.Node is ImageNode image && (image.ConfigBytes.IsEmpty ? !CoveredByOthers(oci, covered) : !covered.Contains(ImageId(image))))
                TakeRoot(root);
            else if (root.Node is ImageNode known)
                TakeMissingName(root, ImageId(known));
        }
    }

    // A single manifest that is not sound gives way to the same image as manifest.json describes it.
    private void TakeOci(ArchiveRoot root, Dictionary<Digest, ImageNode> fromDocker, HashSet<Digest> covered)
    {
        if (root.Node is ImageNode { ConfigBytes.IsEmpty: false } image
            && !Soundness.IsSound(image)
            && fromDocker.TryGetValue(ImageId(image), out ImageNode? other)
            && Soundness.IsSound(other))
        {
            Disagree(image.Where, [.. Soundness.FaultsOf(image)]);
            covered.Add(ImageId(image));
            _roots.Add(root with { Node = other, Annotations = null });
            return;
        }
        foreach (ImageNode reached in Soundness.Images(root.Node).Where(reached => !reached.ConfigBytes.IsEmpty))
        {
            covered.Add(ImageId(reached));
            if (Soundness.IsSound(reached) && fromDocker.TryGetValue(ImageId(reached), out ImageNode? twin))
                Disagree(twin.Where, [.. Soundness.FaultsOf(twin).Where(fault => !IsForeign(reached, fault))]);
        }
        TakeRoot(root);
    }

    // manifest.json names one platform of an image; when its config is not even there, index.json decides what is missing.
    private static bool CoveredByOthers(ArchiveView oci, HashSet<Digest> covered) => covered.Count > 0 || oci.Roots.Count > 0;

    private void TakeMissingName(ArchiveRoot root, Digest imageId)
    {
        if (root.Name is null || _roots.Any(taken => taken.Name == root.Name))
            return;
        ArchiveRoot? holder = _roots.Find(taken => Soundness.Images(taken.Node).Any(image => ImageId(image) == imageId));
        if (holder is not null)
            _roots.Add(holder with { Name = root.Name, Label = null });
    }

    // A foreign layer's path stands in manifest.json although its content is left out on purpose.
    private static bool IsForeign(ImageNode image, Fault fault) =>
        fault.Code == FaultCode.MissingLayer && image.Layers.Any(layer => layer.MayBeAbsent && layer.Where == fault.Where);

    private void Disagree(string where, IReadOnlyList<Fault> faults)
    {
        foreach (Fault fault in faults)
            _warnings.Add(new Fault(FaultCode.ViewsDisagree, $"{where} is not used, because {fault}", where, "The other description of the image is sound and was used."));
    }

    private static Digest ImageId(ImageNode image) => Digest.OfContent(DigestAlgorithm.Sha256, image.ConfigBytes.Span);

    private static List<Fault> Distinct(List<Fault> faults) => [.. faults.Distinct()];
}
