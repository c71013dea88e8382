using Ipdr.Oci.Images;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>A source of which one image is meant.</summary>
internal sealed class ChosenSource(IImageSource source, SourceImage image) : IImageSource, ILocalBlobs
{
    /// <summary>Where it is one of several.</summary>
    public IImageSource Whole => source;

    public string Place => source.Place;

    public ImageReference? Repository => source.Repository;

    public bool OwnsFiles => source is ILocalBlobs { OwnsFiles: true };

    public ValueTask<IReadOnlyList<SourceImage>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<SourceImage>>([image]);

    public ValueTask<ReadOnlyMemory<byte>> ReadManifestAsync(Descriptor manifest, CancellationToken cancellationToken) => source.ReadManifestAsync(manifest, cancellationToken);

    public ValueTask<IReadOnlyList<FoundReferrer>> ListReferrersAsync(Descriptor manifest, CancellationToken cancellationToken) => source.ListReferrersAsync(manifest, cancellationToken);

    public ValueTask<Stream> OpenUnverifiedAsync(Descriptor blob, long offset, CancellationToken cancellationToken) => source.OpenUnverifiedAsync(blob, offset, cancellationToken);

    public ValueTask<FileBlob?> FindFileAsync(Descriptor blob, CancellationToken cancellationToken) => source is ILocalBlobs local ? local.FindFileAsync(blob, cancellationToken) : default;

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
