using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>What is copied, decided before anything is: which images, as what, and what goes with them.</summary>
internal sealed class CopyPlan
{
    private readonly IImageSource _source;
    private readonly CopyOptions _options;
    private readonly DestinationTraits _traits;
    private readonly PlatformChoice _platforms;
    private readonly ReferrerSearch _referring;
    private readonly List<(SourceImage Image, Digest Original)> _images = [];
    private readonly List<SourceReferrer> _referrers = [];

    private CopyPlan(IImageSource source, CopyOptions options, DestinationTraits traits)
    {
        (_source, _options, _traits) = (source, options, traits);
        Graph = new ImageGraph(source);
        _platforms = new PlatformChoice(Graph, options, traits.HoldsIndexes, source.Place);
        _referring = new ReferrerSearch(source, Graph);
    }

    /// <summary>All manifests and blobs of it.</summary>
    public ImageGraph Graph { get; }

    /// <summary>The images as they will be called, each with the digest that it has at its source.</summary>
    public IReadOnlyList<(SourceImage Image, Digest Original)> Images => _images;

    /// <summary>What goes with them.</summary>
    public IReadOnlyList<SourceReferrer> Referrers => _referrers;

    /// <summary>What is left out or changed.</summary>
    public IEnumerable<Fault> Warnings => _platforms.Warnings.Concat(_referring.Warnings);

    /// <summary>Decides, and reads the manifests of all that is meant.</summary>
    /// <exception cref="IpdrException">It is not clear what is meant, something is missing at the source, or the destination cannot hold it.</exception>
    public static async Task<CopyPlan> MakeAsync(IImageSource source, IImageDestination destination, CopyOptions options, CancellationToken cancellationToken)
    {
        if (options.Referrers && !destination.Traits.HoldsReferrers)
            throw new IpdrException(new Fault(FaultCode.BadDestination, "this kind of place holds images only, not what refers to them", destination.Place, "Copy to an OCI layout, a registry or the store, or leave --referrers out."));
        CopyPlan plan = new(source, options, destination.Traits);
        await plan.ChooseAsync(cancellationToken).ConfigureAwait(false);
        return plan;
    }

    private async Task ChooseAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<SourceImage> all = await _source.ListAsync(cancellationToken).ConfigureAwait(false);
        if (!_traits.HoldsMany || _traits.Name is not null || _traits.Label is not null)
        {
            await AddAsync(ImageChoice.Single(await _referring.LeaveOutAsync(all, cancellationToken).ConfigureAwait(false), _source.Place), cancellationToken).ConfigureAwait(false);
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
            _referrers.AddRange(await _referring.FindAsync(chosen, cancellationToken).ConfigureAwait(false));
    }

    private SourceImage Named(SourceImage image) => _traits switch
    {
        { Name: { } name } => image with { Name = name, Label = _traits.Label },
        { Label: { } label } => image with { Name = null, Label = label },
        _ => image,
    };
}
