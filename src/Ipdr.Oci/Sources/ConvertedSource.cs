using Ipdr.Oci.Conversion;
using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Conversion.Targets;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Sources;

/// <summary>What a conversion gave, as a source: new blobs are files of a folder that goes with it, documents are in memory, and what stayed as it was is read where it came from.</summary>
internal sealed class ConvertedSource : IImageSource, ILocalBlobs
{
    private readonly LayoutContents _layout;
    private readonly StagingFolder _folder;
    private readonly string? _reference;
    private readonly IImageSource? _unchanged;
    private IndexReferrers? _referrers;

    private ConvertedSource(LayoutContents layout, StagingFolder folder, string? reference, string place, IImageSource? unchanged) =>
        (_layout, _folder, _reference, Place, _unchanged) = (layout, folder, reference, place, unchanged);

    public string Place { get; }

    /// <summary>What stayed as it was can be mounted from where it is.</summary>
    public ImageReference? Repository => _unchanged?.Repository;

    /// <summary>How it was converted.</summary>
    public required ConversionOptions Conversion { get; init; }

    /// <summary>What was odd about what was converted.</summary>
    public required IReadOnlyList<Fault> Warnings { get; init; }

    public bool OwnsFiles => true;

    /// <summary>Converts, and opens what that gives.</summary>
    /// <param name="convert">Converts to the target that it is given, as the options say.</param>
    /// <param name="conversion">How it is converted.</param>
    /// <param name="folder">Where new blobs are written; from here on it belongs to the source, or is removed.</param>
    /// <param name="reference">Which image is meant; null for all.</param>
    /// <param name="place">What messages call it.</param>
    /// <param name="unchanged">Where blobs are that the conversion leaves; stays the caller's. Null where it leaves none.</param>
    /// <exception cref="IpdrException">What is converted is broken, or there is no room.</exception>
    public static async Task<ConvertedSource> OpenAsync(
        Func<IConversionTarget, ConversionOptions, Task<ConversionResult>> convert, ConversionOptions conversion, StagingFolder folder, string? reference, string place, IImageSource? unchanged = null)
    {
        try
        {
            // What is made here is read at once and thrown away: nobody asks for its CID, and who reads it chooses.
            StagedTarget target = new(folder);
            ConversionResult result = await convert(target, conversion with { Profile = null, Platforms = [], Tags = [] }).ConfigureAwait(false);
            return new ConvertedSource(target.Layout!, folder, reference, place, unchanged) { Conversion = conversion, Warnings = result.Warnings };
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The digest that an image had before it was converted; null where it had none.</summary>
    /// <param name="image">The digest that it has now.</param>
    /// <param name="name">What it is called, which tells where different images became the same one.</param>
    /// <param name="label">What else it is called.</param>
    public Digest? OriginalOf(Digest image, ImageReference? name, string? label)
    {
        LayoutRoot[] roots = [.. _layout.Roots.Where(root => root.Descriptor.Digest == image)];
        return (Array.Find(roots, root => root.Name == name && root.Label == label) ?? Array.Find(roots, root => root.Name == name) ?? roots.FirstOrDefault())?.Original;
    }

    public ValueTask<IReadOnlyList<SourceImage>> ListAsync(CancellationToken cancellationToken) =>
        new(ImageChoice.Choose([.. Index.Manifests.Select(SourceImage.OfEntry)], _reference, Place, _layout.Listed));

    public ValueTask<ReadOnlyMemory<byte>> ReadManifestAsync(Descriptor manifest, CancellationToken cancellationToken) => _layout.Manifests.TryGetValue(manifest.Digest, out LayoutManifest? found)
        ? new(SourceDocuments.Check(found.Bytes, manifest, Place))
        : throw new IpdrException(SourceDocuments.Missing(manifest, Place));

    public async ValueTask<IReadOnlyList<FoundReferrer>> ListReferrersAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        _referrers ??= await IndexReferrers.ReadAsync(Index, ReadManifestAsync, Place, cancellationToken).ConfigureAwait(false);
        return _referrers.Of(manifest.Digest);
    }

    public async ValueTask<Stream> OpenUnverifiedAsync(Descriptor blob, long offset, CancellationToken cancellationToken) => _layout.Blobs.GetValueOrDefault(blob.Digest) switch
    {
        BlobContent.InMemory document => new DocumentStream(document.Bytes[(int)Math.Min(offset, document.Bytes.Length)..]),
        // One byte more than promised, so that who compares sees that there is more.
        BlobContent.InFile made => new OwnedFileStream(File.OpenHandle(made.File.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous), offset, blob.Size + 1, ownsHandle: true),
        BlobContent.AtSource when _unchanged is not null => await _unchanged.OpenUnverifiedAsync(blob, offset, cancellationToken).ConfigureAwait(false),
        _ => throw new IpdrException(SourceDocuments.Missing(blob, Place)),
    };

    public async ValueTask<FileBlob?> FindFileAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        if (_layout.Blobs.GetValueOrDefault(blob.Digest) is not BlobContent.InFile made || made.File.Length != blob.Size)
            return null;
        await made.File.CompletedAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return new FileBlob(blob.Digest, blob.Size, made.File.Path);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private ImageIndex Index => OciLayout.Index(_layout.Roots);
}
