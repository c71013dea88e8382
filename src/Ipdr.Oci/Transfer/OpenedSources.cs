using Ipdr.Oci.Faults;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>Places that were opened together, and are closed together.</summary>
internal sealed class OpenedSources : IAsyncDisposable
{
    private readonly List<IImageSource> _sources = [];

    /// <summary>The sources, in the order of their places.</summary>
    public IReadOnlyList<IImageSource> Sources => _sources;

    /// <summary>Opens places to copy from.</summary>
    /// <exception cref="IpdrException">One of them is not there, is something else, or cannot be copied from; the others are closed again.</exception>
    public static async Task<OpenedSources> OpenAsync(IReadOnlyList<ImagePlace> places, PlaceOptions options, CancellationToken cancellationToken)
    {
        OpenedSources opened = new();
        try
        {
            foreach (ImagePlace place in places)
                opened._sources.Add(await Places.OpenSourceAsync(place, options, cancellationToken).ConfigureAwait(false));
            return opened;
        }
        catch
        {
            await opened.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IImageSource source in _sources)
            await source.DisposeAsync().ConfigureAwait(false);
    }
}
