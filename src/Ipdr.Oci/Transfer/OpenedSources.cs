using Ipdr.Oci.Distribution;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
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
            {
                if (place.Kind == PlaceKind.Registry && RepositoryPattern.TryParse(place.Reference, out RepositoryPattern? pattern))
                    await opened.AddRepositoriesAsync(pattern, options.Registries, cancellationToken).ConfigureAwait(false);
                else
                    opened._sources.Add(await Places.OpenSourceAsync(place, options, cancellationToken).ConfigureAwait(false));
            }
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

    // A source for each that has anything, of all its tags.
    private async Task AddRepositoriesAsync(RepositoryPattern pattern, RegistryOptions options, CancellationToken cancellationToken)
    {
        List<ImageReference> repositories = await RegistryContents.ListAsync(pattern, options, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Tag>[] tags = new IReadOnlyList<Tag>[repositories.Count];
        await Parallel.ForAsync(0, repositories.Count, new ParallelOptions { MaxDegreeOfParallelism = CopyOptions.DefaultParallelism, CancellationToken = cancellationToken }, async (i, token) =>
        {
            using RegistryClient client = new(repositories[i], options);
            tags[i] = await RegistryContents.ListTagsAsync(client, token).ConfigureAwait(false);
        }).ConfigureAwait(false);
        (ImageReference, IReadOnlyList<Tag>)[] filled = [.. repositories.Zip(tags).Where(pair => pair.Second.Any(TagPattern.Any.Matches))];
        if (filled.Length == 0)
            throw new IpdrException(new Fault(FaultCode.NoImages, "no repository there has a tag", $"docker://{pattern}", "Check the path."));
        foreach ((ImageReference repository, IReadOnlyList<Tag> listed) in filled)
            _sources.Add(new RegistrySource(new RegistryClient(repository, options), TagPattern.Any, listed));
    }
}
