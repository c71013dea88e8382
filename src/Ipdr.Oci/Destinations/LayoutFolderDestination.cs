using System.Collections.Concurrent;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Destinations;

/// <summary>A layout in a folder, of any form: it appears whole, or what is added to it appears when all of it is there.</summary>
internal sealed class LayoutFolderDestination : IImageDestination
{
    private readonly string _path;
    private readonly LayoutKind _kind;
    private readonly LayoutDestination _layout;
    private readonly PartialBlobs _blobs;
    private readonly ConcurrentDictionary<Digest, BlobContent> _contents = [];
    private readonly Dictionary<Digest, LayoutManifest> _manifests = [];
    private bool _leavesRest;

    // As the list of what refers to a manifest has them.
    private readonly Dictionary<Digest, Descriptor> _referrers = [];

    private LayoutFolderDestination(string path, LayoutKind kind, DestinationTraits traits, LayoutDestination layout, PartialBlobs blobs) =>
        (_path, _kind, Traits, _layout, _blobs) = (path, kind, traits, layout, blobs);

    public string Place => _path;

    public DestinationTraits Traits { get; }

    /// <summary>Looks at the place.</summary>
    /// <exception cref="Faults.IpdrException">Something else is there, or it may not be written.</exception>
    public static LayoutFolderDestination Open(string path, LayoutKind kind, DestinationTraits traits)
    {
        LayoutDestination layout = LayoutDestination.Open(path, kind);
        try
        {
            return new LayoutFolderDestination(path, kind, traits, layout, PartialBlobs.Open(PartialFolder.Beside(path)));
        }
        catch
        {
            layout.Dispose();
            throw;
        }
    }

    /// <summary>Others are copied to the same place after this: what has arrived of them before stays for them.</summary>
    public void LeaveRest() => _leavesRest = true;

    public ValueTask<bool> HasBlobAsync(BlobTransfer blob, CancellationToken cancellationToken)
    {
        // Under its digest in a layout that was there before: it was verified when it came in.
        bool there = _kind != LayoutKind.RegistryV2
            && new FileInfo(Path.Combine(_path, OciLayout.PathOf(blob.Descriptor.Digest))) is { Exists: true, LinkTarget: null, Length: var length }
            && length == blob.Descriptor.Size;
        if (there)
            _contents[blob.Descriptor.Digest] = new BlobContent.Discarded(null);
        return new(there);
    }

    public async Task WriteBlobAsync(BlobTransfer blob, CancellationToken cancellationToken)
    {
        await _blobs.WriteAsync(blob, cancellationToken).ConfigureAwait(false);
        Digest digest = blob.Descriptor.Digest;
        _contents[digest] = new BlobContent.InFile(StagedFile.OfFinished(_blobs.PathOf(digest), blob.Descriptor.Size), null);
    }

    public Task WriteManifestAsync(Descriptor manifest, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ManifestSummary summary = ManifestSummary.Read(content, manifest.MediaType, manifest.Digest.ToString());
        if (summary.Subject is not null)
            _referrers[manifest.Digest] = summary.ToReferrer(manifest.Digest, manifest.Size);
        _manifests[manifest.Digest] = new LayoutManifest(content, [.. summary.Manifests.Select(child => child.Digest)], [.. summary.NeededBlobs.Concat(summary.Layers).Select(blob => blob.Digest).Distinct()]);
        return Task.CompletedTask;
    }

    public async Task<CommittedImages> CommitAsync(IReadOnlyList<SourceImage> images, IReadOnlyList<SourceReferrer> referrers, CancellationToken cancellationToken)
    {
        // What refers to a manifest goes where that goes.
        foreach (SourceReferrer referrer in referrers)
            _manifests[referrer.Subject] = _manifests[referrer.Subject] with { Manifests = [.. _manifests[referrer.Subject].Manifests, referrer.Descriptor.Digest] };
        // Folders of a registry have no entries without a name.
        IEnumerable<SourceImage> entries = images.Concat(referrers.Where(referrer => _kind != LayoutKind.RegistryV2 || referrer.Tag is not null).Select(referrer => referrer.ToEntry()));
        LayoutContents contents = new()
        {
            Roots = [.. entries.Select(RootOf)],
            Lists = _kind == LayoutKind.Oci ? [] : [.. Lists(referrers).Select(RootOf)],
            Manifests = _manifests,
            Blobs = _contents,
        };
        CommittedLayout committed = await _layout.CommitAsync(contents, cancellationToken).ConfigureAwait(false);
        if (!_leavesRest)
            _blobs.Remove();
        return new CommittedImages([.. images.Select(ReferenceOf)], committed.Plan.Warnings);
    }

    public ValueTask DisposeAsync()
    {
        _layout.Dispose();
        _blobs.Dispose();
        return ValueTask.CompletedTask;
    }

    private static LayoutRoot RootOf(SourceImage entry) => new(entry.Descriptor, entry.Name, entry.Label);

    // Files can say who refers to whom by tags alone: so there is a list where no tag of its own says it.
    private IEnumerable<SourceImage> Lists(IReadOnlyList<SourceReferrer> referrers)
    {
        foreach (IGrouping<(SourceImage Image, Digest Subject), SourceReferrer> subject in referrers.Where(referrer => referrer.Tag is null).GroupBy(referrer => (referrer.Image, referrer.Subject)))
        {
            Tag tag = ReferrerTag.ListOf(subject.Key.Subject);
            string file = Path.Combine(_path, _kind == LayoutKind.Universal ? UniversalLayout.PathOf(tag.ToString()) : RegistryV2Layout.PathOf(subject.Key.Image.Name, tag.ToString()));
            ImageIndex? known = LayoutFiles.ReadDocument(file) is { } document ? Document.ReadIndex(document, file) : null;
            if (ReferrerList.Add(known, subject.Select(referrer => _referrers[referrer.Descriptor.Digest])) is not { } list)
                continue;
            (Descriptor descriptor, LayoutManifest manifest) = ReferrerList.Write(list);
            _manifests[descriptor.Digest] = manifest;
            yield return new SourceReferrer(subject.Key.Image, descriptor, subject.Key.Subject, tag).ToEntry();
        }
    }

    private string ReferenceOf(SourceImage image) => _kind == LayoutKind.RegistryV2
        ? $"registry-v2:{_path}"
        : $"oci:{_path}:{image.Label ?? image.Name?.Tag ?? (image.Name is null ? image.Descriptor.Digest.ToString() : "latest")}";
}
