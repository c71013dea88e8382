using Ipdr.Oci.Archives;
using Ipdr.Oci.Conversion.Ingestion;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Conversion;

/// <summary>Images that are in no archive, ready to be converted: their documents are at hand, their blobs are opened when they are wanted. To a conversion they look like a layout.</summary>
internal sealed class GatheredImages : IMemberReader
{
    private readonly Func<Descriptor, CancellationToken, ValueTask<Stream>> _open;
    private readonly ArchiveLimits _limits;
    private readonly Dictionary<ArchiveMember, Descriptor> _blobs = [];
    private long _documentBytes;

    /// <summary>Begins with what the images are called.</summary>
    /// <param name="name">What messages call the place that they are in.</param>
    /// <param name="roots">The images.</param>
    /// <param name="open">Opens a blob from its start. The bytes are not checked.</param>
    /// <param name="limits">What the images may ask of their reader.</param>
    /// <exception cref="IpdrException">They are more than fit into an index; <see cref="FaultCode.Limit"/>.</exception>
    public GatheredImages(string name, IReadOnlyList<LayoutRoot> roots, Func<Descriptor, CancellationToken, ValueTask<Stream>> open, ArchiveLimits limits)
    {
        (Name, _open, _limits, Contents) = (name, open, limits, new ArchiveContents(limits) { End = TarEnd.EndBlocks });
        Add(OciLayout.MarkerFile, OciLayout.Marker.Length, OciLayout.Marker);
        ReadOnlyMemory<byte> index = OciLayout.IndexDocument(roots);
        Add(OciLayout.IndexFile, index.Length, index);
    }

    /// <summary>What messages call the place that they are in.</summary>
    public string Name { get; }

    /// <summary>All that was added.</summary>
    public ArchiveContents Contents { get; }

    /// <summary>Refuses documents that would be too large together with those that were added, before they are read.</summary>
    /// <param name="bytes">Their size.</param>
    /// <exception cref="IpdrException"><see cref="FaultCode.Limit"/>.</exception>
    public void RequireRoom(long bytes)
    {
        if (_documentBytes + bytes > _limits.MaxDocumentsBytes)
            throw new IpdrException(new Fault(FaultCode.Limit, $"manifests and configs have more than {_limits.MaxDocumentsBytes} bytes together", Name, "Copy the images one by one."));
    }

    /// <summary>Adds a manifest, index or config, which was checked against its digest.</summary>
    /// <exception cref="IpdrException">The documents are too large together; <see cref="FaultCode.Limit"/>.</exception>
    public void AddDocument(Digest digest, ReadOnlyMemory<byte> content)
    {
        RequireRoom(content.Length);
        _documentBytes += content.Length;
        Add(OciLayout.PathOf(digest), content.Length, content);
    }

    /// <summary>Adds a blob, unless it was added as a document.</summary>
    public void AddBlob(Descriptor blob)
    {
        if (!Contents.Contains(OciLayout.PathOf(blob.Digest)))
            _blobs.Add(Add(OciLayout.PathOf(blob.Digest), blob.Size, null, blob.Digest), blob);
    }

    public async ValueTask<Stream> OpenAsync(ArchiveMember member, CancellationToken cancellationToken)
    {
        Descriptor blob = _blobs[member];
        return new VerifyingStream(await _open(blob, cancellationToken).ConfigureAwait(false), blob.Digest, blob.Size, Name + Fault.PlaceSeparator + blob.Digest);
    }

    private ArchiveMember Add(string path, long size, ReadOnlyMemory<byte>? document, Digest? verified = null)
    {
        bool valid = EntryPath.TryParse(path, out EntryPath parsed, out _);
        System.Diagnostics.Debug.Assert(valid, "digests and fixed names are paths");
        return Contents.Add(new ArchiveMember(parsed, TarEntryType.RegularFile, size, 0) { Document = document, Verified = verified });
    }
}
