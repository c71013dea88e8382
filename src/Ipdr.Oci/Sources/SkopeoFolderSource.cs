using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Registries.Files;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Sources;

/// <summary>A folder of skopeo's <c>dir:</c> transport as a source: one image or index without a name. Links in it are not followed.</summary>
/// <param name="path">The folder.</param>
/// <param name="place">What messages call it.</param>
internal sealed class SkopeoFolderSource(string path, string place) : IImageSource, ILocalBlobs
{
    private readonly SourceFolder _folder = new(path, place);

    public string Place { get; } = place;

    public bool OwnsFiles => false;

    public async ValueTask<IReadOnlyList<SourceImage>> ListAsync(CancellationToken cancellationToken)
    {
        using SafeFileHandle handle = _folder.Open(SkopeoFolder.Manifest)
            ?? throw new IpdrException(new Fault(FaultCode.MissingManifest, "there is no manifest.json, so this is no folder of skopeo's", Place, "Check the path."));
        string where = Place + Fault.PlaceSeparator + SkopeoFolder.Manifest;
        ReadOnlyMemory<byte> content = await SourceDocuments.ReadAsync(handle, where, cancellationToken).ConfigureAwait(false);
        MediaType type = DocumentType.Of(content) ?? throw new IpdrException(new Fault(FaultCode.BadManifest, "it is neither a manifest nor an index", where, "Copy the image again."));
        Descriptor root = new(type, Digest.OfContent(DigestAlgorithm.Sha256, content.Span), content.Length);
        return [new SourceImage(root, null, null)];
    }

    public async ValueTask<ReadOnlyMemory<byte>> ReadManifestAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        using SafeFileHandle? instance = _folder.Open(SkopeoFolder.ManifestPathOf(manifest.Digest));
        using SafeFileHandle handle = instance ?? _folder.Open(SkopeoFolder.Manifest) ?? throw new IpdrException(SourceDocuments.Missing(manifest, Place));
        ReadOnlyMemory<byte> content = await SourceDocuments.ReadAsync(handle, Place, cancellationToken).ConfigureAwait(false);
        // What has no file of its own is the whole, or not there: skopeo copies one platform of an index by default.
        return instance is null && Digest.OfContent(manifest.Digest.Algorithm, content.Span) != manifest.Digest
            ? throw new IpdrException(SourceDocuments.Missing(manifest, Place))
            : SourceDocuments.Check(content, manifest, Place);
    }

    // The folder holds one image; skopeo keeps other signatures than those that are manifests in it.
    public ValueTask<IReadOnlyList<FoundReferrer>> ListReferrersAsync(Descriptor manifest, CancellationToken cancellationToken) => new([]);

    public ValueTask<Stream> OpenUnverifiedAsync(Descriptor blob, long offset, CancellationToken cancellationToken) => new(_folder.OpenBlob(blob, SkopeoFolder.BlobPathOf(blob.Digest), offset));

    public ValueTask<FileBlob?> FindFileAsync(Descriptor blob, CancellationToken cancellationToken) => new(_folder.FindBlob(blob, SkopeoFolder.BlobPathOf(blob.Digest)));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
