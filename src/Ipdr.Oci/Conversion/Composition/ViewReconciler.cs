using Ipdr.Oci.Archives;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

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
    private readonly HashSet<ImageReference> _names = [];
    private readonly Dictionary<Digest, ArchiveRoot> _holders = [];
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
            Add(root with { Node = node });
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
        foreach (ImageNode image in docker.Roots.Select(root => root.Node).OfType<ImageNode>())
        {
            if (image.ImageId is { } imageId)
                fromDocker.TryAdd(imageId, image);
        }

        HashSet<Digest> covered = [];
        foreach (ArchiveRoot root in oci.Roots)
            TakeOci(root, fromDocker, covered);
        foreach (ArchiveRoot root in docker.Roots)
        {
            if (root.Node is not ImageNode image)
                continue;
            if (image.ImageId is { } imageId ? !covered.Contains(imageId) : !CoveredByOthers(oci, covered))
                TakeRoot(root);
            else
                TakeMissingName(root, image);
        }
    }

    // A single manifest that is not sound gives way to the same image as manifest.json describes it.
    private void TakeOci(ArchiveRoot root, Dictionary<Digest, ImageNode> fromDocker, HashSet<Digest> covered)
    {
        if (root.Node is ImageNode { ImageId: { } imageId } image
            && !Soundness.IsSound(image)
            && fromDocker.TryGetValue(imageId, out ImageNode? other)
            && Soundness.IsSound(other))
        {
            Disagree(image.Where, [.. Soundness.FaultsOf(image)]);
            covered.Add(imageId);
            Add(root with { Node = other, Annotations = null });
            return;
        }
        foreach (ImageNode reached in Soundness.Images(root.Node))
        {
            if (reached.ImageId is not { } reachedId)
                continue;
            covered.Add(reachedId);
            if (Soundness.IsSound(reached) && fromDocker.TryGetValue(reachedId, out ImageNode? twin))
                Disagree(twin.Where, [.. Soundness.FaultsOf(twin).Where(fault => !IsForeign(reached, fault))]);
        }
        TakeRoot(root);
    }

    // manifest.json names one platform of an image; when its config is not even there, index.json decides what is missing.
    private static bool CoveredByOthers(ArchiveView oci, HashSet<Digest> covered) => covered.Count > 0 || oci.Roots.Count > 0;

    private void TakeMissingName(ArchiveRoot root, ImageNode image)
    {
        if (root.Name is { } name && !_names.Contains(name) && image.ImageId is { } imageId && _holders.TryGetValue(imageId, out ArchiveRoot? holder))
            Add(holder with { Name = name, Label = null });
    }

    private void Add(ArchiveRoot root)
    {
        _roots.Add(root);
        if (root.Name is { } name)
            _names.Add(name);
        foreach (ImageNode image in Soundness.Images(root.Node))
        {
            if (image.ImageId is { } imageId)
                _holders.TryAdd(imageId, root);
        }
    }

    // A foreign layer's path stands in manifest.json although its content is left out on purpose.
    private static bool IsForeign(ImageNode image, Fault fault) =>
        fault.Code == FaultCode.MissingLayer && image.Layers.Any(layer => layer.MayBeAbsent && layer.Where == fault.Where);

    private void Disagree(string where, IReadOnlyList<Fault> faults)
    {
        foreach (Fault fault in faults)
            _warnings.Add(new Fault(FaultCode.ViewsDisagree, $"{where} is not used, because {fault}", where, "The other description of the image is sound and was used."));
    }

    private static List<Fault> Distinct(List<Fault> faults) => [.. faults.Distinct()];
}
