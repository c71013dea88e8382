using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>What is copied of a source, decided before anything is: which images, as what, and what goes with them.</summary>
internal sealed class CopyPlan
{
    private const string EachItsName = "docker://HOST/REPO:* or docker://HOST/*";

    private readonly CopyOptions _options;
    private readonly DestinationTraits _traits;
    private readonly string _forAll;
    private readonly PlatformChoice _platforms;
    private readonly ReferrerSearch _referring;
    private readonly List<(SourceImage Image, Digest Original)> _images = [];
    private readonly List<SourceReferrer> _referrers = [];
    private readonly List<Fault> _opaque = [];

    private CopyPlan(IImageSource source, CopyOptions options, IImageDestination destination)
    {
        DestinationTraits traits = destination.Traits;
        (Source, _options, _traits) = (source, options, traits);
        _forAll = destination switch
        {
            RegistryDestination => $"For all of them write {EachItsName} where they go.",
            SkopeoFolderDestination => "All of them have room in an OCI layout: oci:DIR.",
            _ => "For all of them leave the name out where they go, and each keeps its own.",
        };
        Graph = new ImageGraph(source);
        _platforms = new PlatformChoice(Graph, options, traits.HoldsIndexes, source.Place);
        _referring = new ReferrerSearch(source, Graph);
    }

    /// <summary>Where it comes from.</summary>
    public IImageSource Source { get; }

    /// <summary>All manifests and blobs of it.</summary>
    public ImageGraph Graph { get; }

    /// <summary>The images as they will be called, each with the digest that it has at its source.</summary>
    public IReadOnlyList<(SourceImage Image, Digest Original)> Images => _images;

    /// <summary>What goes with them.</summary>
    public IReadOnlyList<SourceReferrer> Referrers => _referrers;

    /// <summary>What is left out or changed.</summary>
    public IEnumerable<Fault> Warnings => _opaque.Concat(_platforms.Warnings).Concat(_referring.Warnings);

    /// <summary>Decides, and reads the manifests of all that is meant.</summary>
    /// <returns>A plan for each source, in their order. What an earlier one has under the same name is left out of a later one.</returns>
    /// <exception cref="IpdrException">It is not clear what is meant, something is missing at a source, the destination cannot hold it, or two images would have one name there.</exception>
    public static async Task<CopyPlan[]> MakeAsync(IReadOnlyList<IImageSource> sources, IImageDestination destination, CopyOptions options, CancellationToken cancellationToken)
    {
        Check(destination, options);
        if (sources.Count > 1 && IsForOne(destination.Traits))
            throw new IpdrException(new Fault(FaultCode.BadDestination, $"images of {sources.Count} places cannot all have this one name", destination.Place, "Leave the name out where the place holds several images, and each keeps its own; to a registry write " + EachItsName + "."));
        CopyPlan[] plans = [.. sources.Select(source => new CopyPlan(source, options, destination))];
        await Parallel.ForEachAsync(
            plans, new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken },
            async (plan, token) => await plan.ChooseAsync(token).ConfigureAwait(false)).ConfigureAwait(false);
        RequireDistinctNames(plans, destination.Place);
        return plans;
    }

    /// <summary>Refuses what no source could change, for those who want to know before they open one.</summary>
    /// <exception cref="IpdrException">The destination cannot hold what is wanted, or the wishes contradict each other.</exception>
    public static void Check(IImageDestination destination, CopyOptions options)
    {
        if (options.Referrers && !destination.Traits.HoldsReferrers)
            throw HoldsImagesOnly(destination.Place, "Copy to an OCI layout, a registry or the store, or leave --referrers out.");
        if (options.Conversion is null)
            return;
        if (options.Referrers)
            throw new IpdrException(new Fault(FaultCode.BadReferrer, "what refers to an image names its digest, and an image of another form has another one", destination.Place, "Copy the image as it is, or leave --referrers out."));
        if (!destination.Traits.KeepsDigests)
            throw new IpdrException(new Fault(FaultCode.BadDestination, "this kind of place holds plain layers and no manifests, whatever form they had", destination.Place, "Copy to an OCI layout, an OCI archive, a registry or the store, or leave the form alone."));
    }

    /// <summary>The refusal of a place that has no room for what refers to images.</summary>
    public static IpdrException HoldsImagesOnly(string place, string remedy) => new(new Fault(FaultCode.BadDestination, "this kind of place holds images only, not what refers to them", place, remedy));

    // Under one name there can be one image; the same image is wanted once.
    private static void RequireDistinctNames(CopyPlan[] plans, string place)
    {
        Dictionary<(string? Name, string? Label), (SourceImage Image, CopyPlan Plan)> taken = [];
        foreach (CopyPlan plan in plans)
        {
            List<(SourceImage Image, Digest Original)> doubled = [];
            foreach ((SourceImage Image, Digest Original) chosen in plan._images)
            {
                SourceImage image = chosen.Image;
                if ((image.Name is null && image.Label is null) || taken.TryAdd((image.Name?.ToString(), image.Label), (image, plan)))
                    continue;
                (SourceImage first, CopyPlan from) = taken[(image.Name?.ToString(), image.Label)];
                if (from == plan)
                    continue;
                if (first.Descriptor.Digest != image.Descriptor.Digest)
                    throw new IpdrException(new Fault(FaultCode.NameConflict, $"two images would be called {image.Title} there: that of {from.Source.Place} and that of {plan.Source.Place}", place, "Copy one of them by itself, under another name.") { Expected = first.Descriptor.Digest.ToString(), Actual = image.Descriptor.Digest.ToString() });
                doubled.Add(chosen);
            }
            plan._images.RemoveAll(doubled.Contains);
            plan._referrers.RemoveAll(referrer => doubled.Any(image => image.Image == referrer.Image));
        }
    }

    private static bool IsForOne(DestinationTraits traits) => !traits.HoldsMany || traits.Name is not null || traits.Label is not null;

    private async Task ChooseAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<SourceImage> all = OpaqueEntries.LeaveOut(await Source.ListAsync(cancellationToken).ConfigureAwait(false), Source.Place, _opaque);
        if (IsForOne(_traits))
        {
            await AddAsync(ImageChoice.Single(await _referring.LeaveOutAsync(all, cancellationToken).ConfigureAwait(false), Source.Place, _forAll), cancellationToken).ConfigureAwait(false);
            return;
        }
        // What refers to an image that is copied goes with that, not as an image of its own.
        IReadOnlyList<SourceImage> first = _options.Referrers ? await _referring.LeaveOutAsync(all, cancellationToken).ConfigureAwait(false) : all;
        foreach (SourceImage image in first)
            await AddAsync(image, cancellationToken).ConfigureAwait(false);
        HashSet<Digest> going = [.. _referrers.Select(referrer => referrer.Descriptor.Digest)];
        foreach (SourceImage image in all.Except(first).Where(image => !going.Contains(image.Descriptor.Digest)))
            await AddAsync(image, cancellationToken).ConfigureAwait(false);
    }

    private async Task AddAsync(SourceImage image, CancellationToken cancellationToken)
    {
        Descriptor descriptor = await _platforms.ChooseAsync(image.Descriptor, cancellationToken).ConfigureAwait(false);
        await Graph.AddAsync(descriptor, cancellationToken).ConfigureAwait(false);
        SourceImage chosen = Named(image with { Descriptor = descriptor });
        _images.Add((chosen, image.Descriptor.Digest));
        if (_options.Referrers)
            _referrers.AddRange(await _referring.FindAsync(chosen, image.Name?.Name, cancellationToken).ConfigureAwait(false));
    }

    private SourceImage Named(SourceImage image) => _traits switch
    {
        { Name: { } name } => image with { Name = name, Label = _traits.Label },
        { Label: { } label } => image with { Name = null, Label = label },
        _ => image,
    };
}
