using System.Collections.Concurrent;
using Ipdr.Oci.Destinations;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>Copies images to a registry where each keeps its name: one after another, each visible when all of it is there.</summary>
internal static class RegistryMirror
{
    /// <summary>Copies the images that the sources mean. No name is given twice, which is seen before anything is sent.</summary>
    /// <exception cref="IpdrException">Something is missing or damaged at a source, an image has no name that it could keep, or the registry refuses. Images before that one are there.</exception>
    public static async Task<CopyResult> CopyAsync(IReadOnlyList<IImageSource> sources, RegistryTarget target, PlaceOptions places, CopyOptions options, CancellationToken cancellationToken)
    {
        ConcurrentBag<Fault> warnings = [];
        List<MirroredImage> images = await NameAsync(sources, target, options.Parallelism, warnings, cancellationToken).ConfigureAwait(false);
        RepositoryBlobs known = new();
        List<CopyResult> results = [];
        foreach (MirroredImage image in images)
        {
            try
            {
                RegistryDestination destination = new(new RegistryClient(image.Name, places.Registries), known, isTagged: image.Name.Tag is not null);
                await using (destination.ConfigureAwait(false))
                    results.Add(await ImageCopier.CopyAsync(new ChosenSource(image.Source, image.Image), destination, options, places.Observer, cancellationToken).ConfigureAwait(false));
            }
            catch (IpdrException e) when (results.Count > 0)
            {
                throw new IpdrException([.. e.Faults.Select(fault => fault with { Remedy = $"{fault.Remedy} {results.Count} of {images.Count} images are there; the next run goes on from that.".TrimStart() })], e);
            }
        }
        return new CopyResult(
            [.. results.SelectMany(result => result.Images)],
            results.Sum(result => result.CopiedBlobs), results.Sum(result => result.CopiedBytes), results.Sum(result => result.SkippedBlobs), results.Sum(result => result.SkippedBytes),
            [.. warnings, .. results.SelectMany(result => result.Warnings).Distinct()]);
    }

    private static async Task<List<MirroredImage>> NameAsync(IReadOnlyList<IImageSource> sources, RegistryTarget target, int parallelism, ConcurrentBag<Fault> warnings, CancellationToken cancellationToken)
    {
        IReadOnlyList<SourceImage>[] listed = new IReadOnlyList<SourceImage>[sources.Count];
        await Parallel.ForAsync(0, sources.Count, new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken }, async (i, token) =>
        {
            // What only refers to others has no name of its own; asked for, it goes with the image.
            ReferrerSearch referring = new(sources[i], new ImageGraph(sources[i]));
            List<Fault> opaque = [];
            IReadOnlyList<SourceImage> all = OpaqueEntries.LeaveOut(await sources[i].ListAsync(token).ConfigureAwait(false), sources[i].Place, opaque);
            opaque.ForEach(warnings.Add);
            listed[i] = await referring.LeaveOutAsync(all, token).ConfigureAwait(false);
        }).ConfigureAwait(false);
        Dictionary<string, MirroredImage> named = [];
        List<MirroredImage> images = [];
        foreach ((IImageSource source, SourceImage image) in sources.Zip(listed).SelectMany(pair => pair.Second.Select(image => (pair.First, image))))
        {
            MirroredImage mirrored = new(source, image, target.NameOf(image, source));
            if (mirrored.Name.Tag is null || named.TryAdd(mirrored.Name.ToString(), mirrored))
                images.Add(mirrored);
            else if (named[mirrored.Name.ToString()] is var first && first.Image.Descriptor.Digest != image.Descriptor.Digest)
                throw new IpdrException(new Fault(FaultCode.NameConflict, $"two images would be called {mirrored.Name.Familiar}: that of {first.Source.Place} and that of {source.Place}", target.Place, "Copy one of them by itself, under another name.") { Expected = first.Image.Descriptor.Digest.ToString(), Actual = image.Descriptor.Digest.ToString() });
        }
        return images;
    }

    private sealed record MirroredImage(IImageSource Source, SourceImage Image, ImageReference Name);
}
