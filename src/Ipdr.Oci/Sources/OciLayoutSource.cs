using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Folders;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Registries;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Sources;

/// <summary>An OCI image layout, a universal one as well, as a source. Links in it are not followed.</summary>
/// <param name="path">The layout.</param>
/// <param name="reference">Which image is meant; null for all.</param>
/// <param name="place">What messages call it; null for its path.</param>
/// <param name="owner">Is disposed of with the source, as a folder that was made for it; may be null.</param>
internal sealed class OciLayoutSource(string path, string? reference, string? place = null, IDisposable? owner = null) : IImageSource, ILocalBlobs
{
    private readonly FolderTree _folder = new(path);

    public string Place { get; } = place ?? path;

    public bool OwnsFiles => owner is not null;

    public async ValueTask<IReadOnlyList<SourceImage>> ListAsync(CancellationToken cancellationToken)
    {
        using SafeFileHandle handle = Open(OciLayout.IndexFile) ?? throw new IpdrException(new Fault(FaultCode.MissingIndex, "there is no index.json, so this is no OCI image layout", Place, "Check the path."));
        string where = Place + Fault.PlaceSeparator + OciLayout.IndexFile;
        ImageIndex index = Document.ReadIndex(await SourceDocuments.ReadAsync(handle, where, cancellationToken).ConfigureAwait(false), where);
        return ImageChoice.Choose([.. index.Manifests.Select(SourceImage.OfEntry)], reference, Place);
    }

    public async ValueTask<ReadOnlyMemory<byte>> ReadManifestAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        using SafeFileHandle handle = Require(manifest);
        return SourceDocuments.Check(await SourceDocuments.ReadAsync(handle, Place, cancellationToken).ConfigureAwait(false), manifest, Place);
    }

    public ValueTask<Stream> OpenUnverifiedAsync(Descriptor blob, long offset, CancellationToken cancellationToken)
    {
        SafeFileHandle handle = Require(blob);
        // One byte more than promised, so that who compares sees that there is more.
        return new(new OwnedFileStream(handle, offset, blob.Size + 1, ownsHandle: true));
    }

    public ValueTask<FileBlob?> FindFileAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        using SafeFileHandle? handle = Open(OciLayout.PathOf(blob.Digest));
        return new(handle is not null && RandomAccess.GetLength(handle) == blob.Size ? new FileBlob(blob.Digest, blob.Size, PathOf(blob.Digest)) : null);
    }

    public ValueTask DisposeAsync()
    {
        owner?.Dispose();
        return ValueTask.CompletedTask;
    }

    private string PathOf(Digest digest) => Path.Combine(path, OciLayout.PathOf(digest));

    private SafeFileHandle Require(Descriptor content) => Open(OciLayout.PathOf(content.Digest)) ?? throw new IpdrException(SourceDocuments.Missing(content, Place));

    private SafeFileHandle? Open(string relative)
    {
        try
        {
            return _folder.Open(relative);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, e.Message.TrimEnd('.'), $"{Place}{Fault.PlaceSeparator}{relative}", "Check the layout and its permissions."), e);
        }
    }
}
