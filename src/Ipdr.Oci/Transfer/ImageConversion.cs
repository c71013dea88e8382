using Ipdr.Oci.Conversion;
using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>Gives images another form on their way, as <c>ipdr convert</c> gives it to archives.</summary>
/// <remarks>
/// Layers that change are read once, side by side, and written in the new form to a folder of the user's cache; config and blobs that stay are copied from where they are afterwards.
/// </remarks>
/// <param name="options">Their new form, and how many documents are read at once.</param>
/// <param name="observer">Is told of the progress; may be null.</param>
internal sealed class ImageConversion(CopyOptions options, IContentObserver? observer) : IAsyncDisposable
{
    private readonly List<Entry> _entries = [];
    private readonly List<ConvertedSource> _made = [];

    /// <summary>What is to be copied of what was converted.</summary>
    public IReadOnlyList<CopyPlan> Plans => [.. _entries.Select(entry => entry.Plan)];

    /// <summary>What was odd about a source that was converted when it was opened, or is.</summary>
    public static IReadOnlyList<Fault> WarningsOf(IImageSource source) => ConvertedOf(source)?.Warnings ?? [];

    /// <summary>Converts what is to be copied of a source, unless that was done when it was opened.</summary>
    /// <param name="plan">What is to be copied.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="cancellationToken">Gives up; nothing is left behind then.</param>
    /// <exception cref="IpdrException">Something is missing or damaged at the source, or there is no room.</exception>
    public async Task AddAsync(CopyPlan plan, IImageDestination destination, CancellationToken cancellationToken)
    {
        if (plan.Images.Count == 0)
            return;
        if (ConvertedOf(plan.Source) is { } ready && ready.Conversion == options.Conversion)
        {
            _entries.Add(new Entry(plan, ready, null));
            return;
        }
        ConvertedSource made = await ConvertAsync(plan, options.Conversion!, cancellationToken).ConfigureAwait(false);
        _made.Add(made);
        CopyOptions whole = options with { Platforms = [], AllPlatforms = true };
        _entries.Add(new Entry((await CopyPlan.MakeAsync([made], destination, whole, cancellationToken).ConfigureAwait(false))[0], made, plan));
    }

    /// <summary>What a copy did, with what the conversion before it did.</summary>
    /// <param name="copied">What the copy by the <see cref="Plans"/> did.</param>
    public CopyResult Describe(CopyResult copied)
    {
        List<CopiedImage> images = [];
        List<Fault> warnings = [];
        foreach (Entry entry in _entries)
        {
            HashSet<(Digest From, Digest To)> changes = [];
            foreach ((CopiedImage image, (SourceImage chosen, Digest now)) in copied.Images.Skip(images.Count).Zip(entry.Plan.Images).ToArray())
            {
                Digest before = entry.Converted.OriginalOf(now, chosen.Name, chosen.Label) ?? now;
                if (before != now)
                    changes.Add((before, now));
                images.Add(image with { Original = entry.First is null ? before : OriginalOf(before, chosen, entry.First) });
            }
            if (entry.First is { } first)
                warnings.AddRange([.. WarningsOf(first.Source), .. first.Warnings]);
            warnings.AddRange(WarningOf(changes, entry.Plan.Source.Place));
        }
        return copied with { Images = images, Warnings = [.. warnings, .. copied.Warnings] };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ConvertedSource made in _made)
            await made.DisposeAsync().ConfigureAwait(false);
    }

    private static ConvertedSource? ConvertedOf(IImageSource source) => source is ChosenSource chosen ? ConvertedOf(chosen.Whole) : source as ConvertedSource;

    private async Task<ConvertedSource> ConvertAsync(CopyPlan plan, ConversionOptions conversion, CancellationToken cancellationToken)
    {
        IImageSource source = plan.Source;
        LayoutRoot[] roots = [.. plan.Images.Select(chosen => new LayoutRoot(chosen.Image.Descriptor, chosen.Image.Name, chosen.Image.Label))];
        GatheredImages images = new(source.Place, roots, (blob, token) => source.OpenUnverifiedAsync(blob, 0, token), conversion.Limits);
        foreach (GraphManifest manifest in plan.Graph.Manifests)
            images.AddDocument(manifest.Descriptor.Digest, manifest.Content);
        await AddConfigsAsync(images, plan.Graph, cancellationToken).ConfigureAwait(false);
        foreach (Descriptor blob in plan.Graph.Blobs)
            images.AddBlob(blob);
        return await ConvertedSource.OpenAsync(
            (target, how) => Converter.ConvertAsync(images, target, how, observer, cancellationToken), conversion, PartialFolder.NewWorkFolder(), null, source.Place, source).ConfigureAwait(false);
    }

    private async Task AddConfigsAsync(GatheredImages images, ImageGraph graph, CancellationToken cancellationToken)
    {
        Descriptor[] configs = [.. graph.Manifests.Select(manifest => manifest.Summary.Config).OfType<Descriptor>().Where(config => config.MediaType.IsImageConfig).DistinctBy(config => config.Digest)];
        // Larger ones are refused when they are read.
        images.RequireRoom(configs.Sum(config => Math.Min(config.Size, Document.MaxBytes)));
        ReadOnlyMemory<byte>[] contents = new ReadOnlyMemory<byte>[configs.Length];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, configs.Length, parallel, async (i, token) => contents[i] = await graph.ReadDocumentAsync(configs[i], token).ConfigureAwait(false)).ConfigureAwait(false);
        foreach ((Descriptor config, ReadOnlyMemory<byte> content) in configs.Zip(contents))
            images.AddDocument(config.Digest, content);
    }

    // Of an index a part may have been taken before that was converted.
    private static Digest OriginalOf(Digest before, SourceImage image, CopyPlan first)
    {
        Digest[] originals = [.. first.Images.Where(chosen => chosen.Image.Descriptor.Digest == before).OrderByDescending(chosen => chosen.Image.Name == image.Name && chosen.Image.Label == image.Label).Select(chosen => chosen.Original)];
        return originals.Length > 0 ? originals[0] : before;
    }

    private static IEnumerable<Fault> WarningOf(HashSet<(Digest From, Digest To)> changes, string place) => changes.ToArray() switch
    {
        [] => [],
        [var (from, to)] => [DigestsChanged("the image was given another form, and its digest is another one; its config stays to the byte", place) with { Expected = from.ToString(), Actual = to.ToString() }],
        var all => [DigestsChanged($"{all.Length} images were given another form, and their digests are others; their configs stay to the byte", place)],
    };

    private static Fault DigestsChanged(string what, string place) => new(FaultCode.DigestChanged, what, place, "What was signed is the digest before: sign the new one.");

    /// <param name="Plan">What is to be copied.</param>
    /// <param name="Converted">Its source, or that of which it is one image.</param>
    /// <param name="First">What was converted; null where the source did that by itself.</param>
    private sealed record Entry(CopyPlan Plan, ConvertedSource Converted, CopyPlan? First);
}
