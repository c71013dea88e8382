using Ipdr.Oci.Archives;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Registries.Files;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Sources;

/// <summary>An OCI image layout, a universal one as well, as a source. Links in it are not followed.</summary>
/// <param name="path">The layout.</param>
/// <param name="reference">Which image is meant; null for all.</param>
/// <param name="place">What messages call it; null for its path.</param>
internal sealed class OciLayoutSource(string path, string? reference, string? place = null) : IImageSource, ILocalBlobs
{
    private readonly SourceFolder _folder = new(path, place ?? path);
    private IndexReferrers? _referrers;

    public string Place { get; } = place ?? path;

    public bool OwnsFiles => false;

    public async ValueTask<IReadOnlyList<SourceImage>> ListAsync(CancellationToken cancellationToken)
    {
        ImageIndex index = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
        return ImageChoice.Choose([.. index.Manifests.Select(SourceImage.OfEntry)], reference, Place);
    }

    public async ValueTask<ReadOnlyMemory<byte>> ReadManifestAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        using SafeFileHandle handle = _folder.Open(OciLayout.PathOf(manifest.Digest)) ?? throw new IpdrException(SourceDocuments.Missing(manifest, Place));
        return SourceDocuments.Check(await SourceDocuments.ReadAsync(handle, Place, cancellationToken).ConfigureAwait(false), manifest, Place);
    }

    public async ValueTask<IReadOnlyList<FoundReferrer>> ListReferrersAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        _referrers ??= await IndexReferrers.ReadAsync(await ReadIndexAsync(cancellationToken).ConfigureAwait(false), ReadManifestAsync, Place, cancellationToken).ConfigureAwait(false);
        return _referrers.Of(manifest.Digest);
    }

    public ValueTask<Stream> OpenUnverifiedAsync(Descriptor blob, long offset, CancellationToken cancellationToken) => new(_folder.OpenBlob(blob, OciLayout.PathOf(blob.Digest), offset));

    public ValueTask<FileBlob?> FindFileAsync(Descriptor blob, CancellationToken cancellationToken) => new(_folder.FindBlob(blob, OciLayout.PathOf(blob.Digest)));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<ImageIndex> ReadIndexAsync(CancellationToken cancellationToken)
    {
        using SafeFileHandle handle = _folder.Open(OciLayout.IndexFile) ?? throw new IpdrException(new Fault(FaultCode.MissingIndex, "there is no index.json, so this is no OCI image layout", Place, "Check the path."));
        await RequireMarkerAsync(cancellationToken).ConfigureAwait(false);
        string where = Place + Fault.PlaceSeparator + OciLayout.IndexFile;
        return Document.ReadIndex(await SourceDocuments.ReadAsync(handle, where, cancellationToken).ConfigureAwait(false), where);
    }

    // One that is missing is no harm; one that says something else may mean another kind of layout.
    private async ValueTask RequireMarkerAsync(CancellationToken cancellationToken)
    {
        using SafeFileHandle? marker = _folder.Open(OciLayout.MarkerFile);
        string where = Place + Fault.PlaceSeparator + OciLayout.MarkerFile;
        if (marker is not null)
            LayoutMarker.Require(await SourceDocuments.ReadAsync(marker, where, cancellationToken).ConfigureAwait(false), where);
    }
}
