using Ipdr.Oci.Archives;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Registries.Files;

namespace Ipdr.Oci.Sources;

/// <summary>A plain tar file of an OCI image layout, read in place: nothing is unpacked, nothing changes.</summary>
internal sealed class OciArchiveSource : IImageSource, ILocalBlobs
{
    private readonly ArchiveInput _input;
    private readonly ArchiveContents _contents;
    private readonly string? _reference;
    private readonly IDisposable? _owner;
    private IndexReferrers? _referrers;

    /// <summary>Reads an archive that was scanned.</summary>
    /// <param name="input">The file; disposed of with the source.</param>
    /// <param name="contents">What it holds.</param>
    /// <param name="reference">Which image is meant; null for all.</param>
    /// <param name="place">What messages call it.</param>
    /// <param name="owner">Is disposed of with the source; may be null.</param>
    public OciArchiveSource(ArchiveInput input, ArchiveContents contents, string? reference, string place, IDisposable? owner) =>
        (_input, _contents, _reference, Place, _owner) = (input, contents, reference, place, owner);

    public string Place { get; }

    public ValueTask<IReadOnlyList<SourceImage>> ListAsync(CancellationToken cancellationToken) =>
        new(ImageChoice.Choose([.. ReadIndex().Manifests.Select(SourceImage.OfEntry)], _reference, Place));

    public async ValueTask<ReadOnlyMemory<byte>> ReadManifestAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        SourceDocuments.RequireDocumentSize(manifest, Place);
        ArchiveMember member = Require(manifest);
        if (member.Document is { } document)
            return SourceDocuments.Check(document, manifest, Place);
        byte[] content = new byte[manifest.Size];
        Stream stream = Open(member, manifest, 0);
        await using (stream.ConfigureAwait(false))
        {
            int count = await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return SourceDocuments.Check(content.AsMemory(0, count), manifest, Place);
        }
    }

    public async ValueTask<IReadOnlyList<FoundReferrer>> ListReferrersAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        _referrers ??= await IndexReferrers.ReadAsync(ReadIndex(), ReadManifestAsync, Place, cancellationToken).ConfigureAwait(false);
        return _referrers.Of(manifest.Digest);
    }

    public ValueTask<Stream> OpenUnverifiedAsync(Descriptor blob, long offset, CancellationToken cancellationToken) => new(Open(Require(blob), blob, offset));

    public bool OwnsFiles => false;

    public ValueTask<FileBlob?> FindFileAsync(Descriptor blob, CancellationToken cancellationToken) =>
        new(TryFind(blob, out _) is { Document: null, IsContiguous: true } member && member.Size == blob.Size
            ? new FileBlob(blob.Digest, blob.Size, _input.File!.Name, member.BodyOffset)
            : null);

    public async ValueTask DisposeAsync()
    {
        await _input.DisposeAsync().ConfigureAwait(false);
        _owner?.Dispose();
    }

    private ImageIndex ReadIndex()
    {
        ArchiveMember member = _contents.Resolve(WellKnown.Index, FaultCode.MissingIndex, out Fault? fault) ?? throw new IpdrException(fault!.Within(Place));
        return MemberDocument.Contradiction(member) is { } contradiction
            ? throw new IpdrException(contradiction.Within(Place))
            : Document.ReadIndex(MemberDocument.Require(member, FaultCode.BadManifest), Place + Fault.PlaceSeparator + WellKnown.Index);
    }

    private Stream Open(ArchiveMember member, Descriptor blob, long offset)
    {
        if (member.Document is { } document)
            return new DocumentStream(document[(int)Math.Min(offset, document.Length)..]);
        if (!member.IsContiguous)
            throw new IpdrException(new Fault(FaultCode.Sparse, "the blob is stored sparse", $"{Place}{Fault.PlaceSeparator}{member.Path}", "Unpack the archive and name the folder, or write it again without --sparse."));
        if (member.Size != blob.Size)
            throw new SizeMismatchException(blob.Size, member.Size, $"{Place}{Fault.PlaceSeparator}{member.Path}");
        return new OwnedFileStream(_input.File!.SafeFileHandle, member.BodyOffset + offset, member.BodyOffset + member.Size, ownsHandle: false);
    }

    private ArchiveMember Require(Descriptor content) => TryFind(content, out Fault? fault) ?? throw new IpdrException(fault!.Code == FaultCode.MissingBlob ? SourceDocuments.Missing(content, Place) : fault.Within(Place));

    private ArchiveMember? TryFind(Descriptor content, out Fault? fault) => _contents.Resolve(OciLayout.PathOf(content.Digest), FaultCode.MissingBlob, out fault);
}
