using Ipdr.Oci.Destinations;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>Copies images to where each keeps its name: one after another, each visible when all of it is there.</summary>
/// <param name="target">Where they go.</param>
/// <param name="places">How places are opened, and who is told of the progress.</param>
/// <param name="options">What is copied, and whether one that fails stops the others.</param>
internal sealed class ImageMirror(IMirrorTarget target, PlaceOptions places, CopyOptions options)
{
    private readonly MirrorFailures _known = new(places.Registries);
    private readonly List<CopyResult> _results = [];
    private readonly List<FailedImage> _failures = [];
    private readonly List<Fault> _warnings = [];

    /// <summary>Copies the images that the sources mean. No name is given twice, which is seen before anything is sent.</summary>
    /// <exception cref="IpdrException">Something is missing or damaged at a source, an image has no name that it could keep, or the destination refuses. Images before that one are there.</exception>
    public async Task<CopyResult> CopyAsync(OpenedSources sources, CancellationToken cancellationToken)
    {
        _failures.AddRange(sources.Failures);
        List<MirroredImage> images = Name(await ListAsync(sources.Sources, cancellationToken).ConfigureAwait(false));
        foreach (MirroredImage image in images)
        {
            if (_known.Find(image) is { } fault)
                _failures.Add(new FailedImage(TitleOf(image), [fault], WasTried: false));
            else
                await CopyAsync(image, images.Count, cancellationToken).ConfigureAwait(false);
        }
        return new CopyResult(
            [.. _results.SelectMany(result => result.Images)],
            _results.Sum(result => result.CopiedBlobs), _results.Sum(result => result.CopiedBytes), _results.Sum(result => result.SkippedBlobs), _results.Sum(result => result.SkippedBytes),
            [.. _warnings, .. _results.SelectMany(result => result.Warnings).Distinct()])
        {
            Failures = _failures,
        };
    }

    private static string TitleOf(MirroredImage image) => image.Image.Name is null ? $"{image.Source.Place}{Fault.PlaceSeparator}{image.Image.Title}" : image.Image.Title;

    private async Task CopyAsync(MirroredImage image, int count, CancellationToken cancellationToken)
    {
        ChosenSource source = new(image.Source, image.Image);
        try
        {
            IImageDestination destination = await target.OpenAsync(image, cancellationToken).ConfigureAwait(false);
            await using (destination.ConfigureAwait(false))
                _results.Add(await ImageCopier.CopyAsync(source, destination, options, places.Observer, cancellationToken).ConfigureAwait(false));
            _known.Succeeded();
        }
        catch (IpdrException e) when (options.KeepGoing)
        {
            _failures.Add(new FailedImage(TitleOf(image), e.Faults, WasTried: true));
            await _known.AddAsync(image, source.HasFailed, e.Fault, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e) when (_results.Count > 0)
        {
            throw new IpdrException([.. e.Faults.Select(fault => fault with { Remedy = $"{fault.Remedy} {_results.Count} of {count} images are there; the next run goes on from that.".TrimStart() })], e);
        }
    }

    private async Task<List<(IImageSource Source, SourceImage Image)>> ListAsync(IReadOnlyList<IImageSource> sources, CancellationToken cancellationToken)
    {
        SourceListing[] listed = [.. sources.Select(source => new SourceListing(source, _known))];
        await Parallel.ForEachAsync(
            listed, new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken },
            async (listing, token) => await listing.ReadAsync(options.KeepGoing, token).ConfigureAwait(false)).ConfigureAwait(false);
        _warnings.AddRange(listed.SelectMany(listing => listing.Warnings));
        _failures.AddRange(listed.SelectMany(listing => listing.Failures));
        return [.. listed.SelectMany(listing => listing.Images.Select(image => (listing.Source, image)))];
    }

    private List<MirroredImage> Name(List<(IImageSource Source, SourceImage Image)> listed)
    {
        Dictionary<string, MirroredImage> named = [];
        List<MirroredImage> images = [];
        HashSet<string> contested = [];
        foreach ((IImageSource source, SourceImage image) in listed)
        {
            try
            {
                MirroredImage mirrored = target.Name(image, source);
                if (mirrored.Name is null || named.TryAdd(mirrored.Name, mirrored))
                {
                    images.Add(mirrored);
                }
                else if (named[mirrored.Name] is var first && first.Image.Descriptor.Digest != image.Descriptor.Digest)
                {
                    contested.Add(mirrored.Name);
                    throw new IpdrException(new Fault(FaultCode.NameConflict, $"two images would be called {mirrored.Name}: that of {first.Source.Place} and that of {source.Place}", target.Place, "Copy one of them by itself, under another name.") { Expected = first.Image.Descriptor.Digest.ToString(), Actual = image.Descriptor.Digest.ToString() });
                }
            }
            catch (IpdrException e) when (options.KeepGoing)
            {
                _failures.Add(new FailedImage(TitleOf(new MirroredImage(source, image, null, null)), e.Faults, WasTried: true));
            }
        }
        // Which of them is meant nobody knows, so the first has no better right to the name.
        foreach (MirroredImage image in images.Where(image => image.Name is not null && contested.Contains(image.Name)).ToArray())
        {
            images.Remove(image);
            _failures.Add(new FailedImage(TitleOf(image), [new Fault(FaultCode.NameConflict, $"another image would be called {image.Name} too", target.Place, "Copy one of them by itself, under another name.")], WasTried: true));
        }
        return images;
    }
}
