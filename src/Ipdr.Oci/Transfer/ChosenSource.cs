using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>A source of which some images are meant.</summary>
internal sealed class ChosenSource(IImageSource source, params IReadOnlyList<SourceImage> images) : IImageSource, ILocalBlobs
{
    /// <summary>Where they are some of several.</summary>
    public IImageSource Whole => source;

    public string Place => source.Place;

    public ImageReference? Repository => source.Repository;

    public bool OwnsFiles => source is ILocalBlobs { OwnsFiles: true };

    public ValueTask<IReadOnlyList<SourceImage>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult(images);

    /// <summary>Has it failed to give something? Then what went wrong is not the destination's.</summary>
    public bool HasFailed { get; private set; }

    public ValueTask<ReadOnlyMemory<byte>> ReadManifestAsync(Descriptor manifest, CancellationToken cancellationToken) => WatchAsync(source.ReadManifestAsync(manifest, cancellationToken));

    public ValueTask<IReadOnlyList<FoundReferrer>> ListReferrersAsync(Descriptor manifest, CancellationToken cancellationToken) => WatchAsync(source.ListReferrersAsync(manifest, cancellationToken));

    public ValueTask<Stream> OpenUnverifiedAsync(Descriptor blob, long offset, CancellationToken cancellationToken) => WatchAsync(source.OpenUnverifiedAsync(blob, offset, cancellationToken));

    public ValueTask<FileBlob?> FindFileAsync(Descriptor blob, CancellationToken cancellationToken) => source is ILocalBlobs local ? local.FindFileAsync(blob, cancellationToken) : default;

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async ValueTask<T> WatchAsync<T>(ValueTask<T> asked)
    {
        try
        {
            return await asked.ConfigureAwait(false);
        }
        catch (IpdrException)
        {
            HasFailed = true;
            throw;
        }
    }
}
