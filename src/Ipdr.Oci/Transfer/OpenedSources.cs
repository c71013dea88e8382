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
    private readonly List<FailedImage> _failures = [];

    /// <summary>The sources, in the order of their places.</summary>
    public IReadOnlyList<IImageSource> Sources => _sources;

    /// <summary>What could not be opened, where the others were wanted all the same.</summary>
    public IReadOnlyList<FailedImage> Failures => _failures;

    /// <summary>Opens places to copy from.</summary>
    /// <param name="places">The places.</param>
    /// <param name="options">How they are opened.</param>
    /// <param name="keepGoing">Note what cannot be opened instead of throwing, unless there is no room.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">One of them is not there, is something else, or cannot be copied from; the others are closed again.</exception>
    public static async Task<OpenedSources> OpenAsync(IReadOnlyList<ImagePlace> places, PlaceOptions options, bool keepGoing, CancellationToken cancellationToken)
    {
        OpenedSources opened = new();
        try
        {
            foreach (ImagePlace place in places)
                await opened.AddAsync(place, options, keepGoing, cancellationToken).ConfigureAwait(false);
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

    private async Task AddAsync(ImagePlace place, PlaceOptions options, bool keepGoing, CancellationToken cancellationToken)
    {
        try
        {
            if (place.Kind == PlaceKind.Registry && RepositoryPattern.TryParse(place.Reference, out RepositoryPattern? pattern))
                await AddRepositoriesAsync(pattern, options.Registries, keepGoing, cancellationToken).ConfigureAwait(false);
            else
                _sources.Add(await Places.OpenSourceAsync(place, options, cancellationToken).ConfigureAwait(false));
        }
        catch (IpdrException e) when (keepGoing && e.Fault.Code != FaultCode.DiskFull)
        {
            _failures.Add(new FailedImage(place.ToString(), e.Faults, WasTried: true));
        }
    }

    // A source for each that has anything, of all its tags.
    private async Task AddRepositoriesAsync(RepositoryPattern pattern, RegistryOptions options, bool keepGoing, CancellationToken cancellationToken)
    {
        List<ImageReference> repositories = await RegistryContents.ListAsync(pattern, options, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Tag>[] tags = new IReadOnlyList<Tag>[repositories.Count];
        FailedImage?[] failures = new FailedImage?[repositories.Count];
        await Parallel.ForAsync(0, repositories.Count, new ParallelOptions { MaxDegreeOfParallelism = CopyOptions.DefaultParallelism, CancellationToken = cancellationToken }, async (i, token) =>
        {
            try
            {
                using RegistryClient client = new(repositories[i], options);
                tags[i] = await RegistryContents.ListTagsAsync(client, token).ConfigureAwait(false);
            }
            // One that does not answer any more would not to the next question either.
            catch (IpdrException e) when (keepGoing && e.Fault.Code != FaultCode.RegistryUnreachable)
            {
                (tags[i], failures[i]) = ([], new FailedImage($"docker://{repositories[i].Familiar}", e.Faults, WasTried: true));
            }
        }).ConfigureAwait(false);
        _failures.AddRange(failures.OfType<FailedImage>());
        (ImageReference, IReadOnlyList<Tag>)[] filled = [.. repositories.Zip(tags).Where(pair => pair.Second.Any(TagPattern.Any.Matches))];
        if (filled.Length == 0 && _failures.Count == 0)
            throw new IpdrException(new Fault(FaultCode.NoImages, "no repository there has a tag", $"docker://{pattern}", "Check the path."));
        foreach ((ImageReference repository, IReadOnlyList<Tag> listed) in filled)
            _sources.Add(new RegistrySource(new RegistryClient(repository, options), TagPattern.Any, listed));
    }
}
