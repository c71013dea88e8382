using Ipdr.Oci.Archives;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Conversion.Composition;
using Ipdr.Oci.Conversion.Ingestion;
using Ipdr.Oci.Conversion.Targets;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Tar;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Conversion;

/// <summary>Turns any image archive into a layout.</summary>
/// <remarks>
/// The archive is walked once. From a pipe every content is taken in as it passes; in a file the walk only looks, and what is needed is read
/// afterwards, side by side. Then both readings of the archive are held against the content, the sound one becomes the output's manifests,
/// and the layout appears in one step. The output is the same either way.
/// </remarks>
public sealed class Converter
{
    private readonly string _name;
    private readonly ConversionOptions _options;
    private readonly IContentObserver? _observer;
    private readonly List<Fault> _warnings = [];

    private Converter(string name, ConversionOptions options, IContentObserver? observer) =>
        (_name, _options, _observer) = (name, options, observer);

    /// <summary>Converts one archive.</summary>
    /// <param name="input">The archive; read to its end.</param>
    /// <param name="output">Where the layout goes: nothing, an empty folder, or a layout of the same kind to add to. Not used in a dry run.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="observer">Is told of the progress; may be null.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left behind then.</param>
    /// <exception cref="IpdrException">The archive is broken, with every fault found, or the output cannot be written. Nothing is left behind.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<ConversionResult> ConvertAsync(ArchiveInput input, string output, ConversionOptions options, IContentObserver? observer = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(options);
        using LayoutDestination? destination = options.DryRun ? null : LayoutDestination.Open(output, options.Layout);
        IConversionTarget? target = destination is null ? null : new FolderTarget(output, destination, options);
        return await ConvertAsync(input, target, options, observer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Converts one archive to any place; to none in a dry run.</summary>
    internal static async Task<ConversionResult> ConvertAsync(
        ArchiveInput input, IConversionTarget? target, ConversionOptions options, IContentObserver? observer, CancellationToken cancellationToken)
    {
        try
        {
            return await new Converter(input.Name, options, observer).RunAsync(input, target, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e) when (IsOfInput(e))
        {
            throw new IpdrException([.. e.Faults.Select(fault => fault.Within(input.Name))], e);
        }
    }

    /// <summary>Converts images that are in no archive. Blobs that stay what they are, are left where they are.</summary>
    /// <exception cref="IpdrException">The images are broken, with every fault found, or the output cannot be written.</exception>
    internal static async Task<ConversionResult> ConvertAsync(
        GatheredImages images, IConversionTarget target, ConversionOptions options, IContentObserver? observer, CancellationToken cancellationToken)
    {
        try
        {
            Converter converter = new(images.Name, options, observer);
            return await converter.ComposeAsync(images.Contents, converter.Ingest(target, images), target, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e) when (IsOfInput(e) && !e.Fault.Where.StartsWith(images.Name, StringComparison.Ordinal))
        {
            throw new IpdrException([.. e.Faults.Select(fault => fault.Within(images.Name))], e);
        }
    }

    // Faults of the destination name their own place.
    private static bool IsOfInput(IpdrException e) => e.Fault.Code is not (FaultCode.Io or FaultCode.DiskFull or FaultCode.DestinationExists or FaultCode.BadDestination);

    private async Task<ConversionResult> RunAsync(ArchiveInput input, IConversionTarget? target, CancellationToken cancellationToken)
    {
        using ArchiveWalk walk = new(input, _options.Limits);
        await walk.OpenAsync(cancellationToken).ConfigureAwait(false);
        MemberIngestion members = Ingest(target, walk.IsInPlace ? new FileMembers(input.File!.SafeFileHandle) : null);
        ArchiveContents contents = await walk.ScanAsync(members, cancellationToken).ConfigureAwait(false);
        WarnOfEnd(contents, walk.Compression);
        return await ComposeAsync(contents, members, target, cancellationToken).ConfigureAwait(false);
    }

    private MemberIngestion Ingest(IConversionTarget? target, IMemberReader? reader) =>
        new(new ContentIngestor(new ContentOutputs(target, _options.Profile, _options.InPlace is not null), _options, _observer), reader);

    private async Task<ConversionResult> ComposeAsync(ArchiveContents contents, MemberIngestion members, IConversionTarget? target, CancellationToken cancellationToken)
    {
        (IReadOnlyList<ArchiveRoot> roots, IReadOnlyList<ArchiveNode> listed) = await ReadAsync(contents, members, cancellationToken).ConfigureAwait(false);
        LayoutComposer composer = new(members, _options, _warnings);
        LayoutContents layout = composer.Compose(roots, listed);
        IReadOnlyList<ConvertedImage> images = composer.Images(roots);
        WarnOfHistories(roots);
        Dag? dag = target is not null ? await target.PlaceAsync(layout, _warnings, cancellationToken).ConfigureAwait(false)
            : _options.Profile is { } profile ? NameUnwritten(layout, profile)
            : null;
        return new ConversionResult(images, composer.Artifacts(), _options.Layout, target?.Output, dag, [.. _warnings.Distinct().Select(warning => warning.Within(_name))]);
    }

    private Dag? NameUnwritten(LayoutContents layout, UnixFsProfile profile)
    {
        LayoutNaming naming = new(_options.Layout, layout, profile);
        LayoutPlan plan = LayoutPlan.For(_options.Layout, layout);
        return _options.InPlace is { } find ? naming.OfPlaces(plan, find) : naming.OfContents(plan, null);
    }

    private async Task<(IReadOnlyList<ArchiveRoot> Roots, IReadOnlyList<ArchiveNode> Listed)> ReadAsync(ArchiveContents contents, MemberIngestion members, CancellationToken cancellationToken)
    {
        (ArchiveView? docker, ArchiveView? oci) = ArchiveViews.Read(contents, _options.Limits);
        PlatformFilter filter = new(_options.Platforms);
        docker = docker is null ? null : filter.Apply(docker);
        oci = oci is null ? null : filter.Apply(oci);
        filter.RequireAny(docker, oci);

        ArchiveNode[] nodes = [.. (docker?.Roots ?? []).Concat(oci?.Roots ?? []).Select(root => root.Node).Distinct()];
        await members.BringInAsync(ContentNeeds.Of(nodes), ContentNeeds.Promises(nodes), cancellationToken).ConfigureAwait(false);
        ContentChecker checker = new(members);
        foreach (ArchiveNode node in nodes)
            await checker.CheckAsync(node, cancellationToken).ConfigureAwait(false);
        return (Name(ViewReconciler.Reconcile(docker, oci, _warnings)), [.. (docker ?? oci)!.Roots.Select(root => root.Node).Distinct()]);
    }

    private IReadOnlyList<ArchiveRoot> Name(IReadOnlyList<ArchiveRoot> roots)
    {
        if (_options.Tags.Count == 0)
            return roots;
        ArchiveRoot[] things = [.. roots.DistinctBy(root => root.Node)];
        return things is [var only]
            ? [.. _options.Tags.Select(tag => only with { Name = tag, Label = null })]
            : throw new IpdrException(new Fault(FaultCode.NameConflict, $"--tag names one image, and the archive holds {things.Length}", "", "Leave --tag out, or save the images one by one."));
    }

    private void WarnOfEnd(ArchiveContents contents, CompressionFormat compression)
    {
        if (contents.End is TarEnd.NoEndBlocks or TarEnd.OneEndBlock)
            _warnings.Add(new Fault(FaultCode.MissingEndBlocks, "the archive ends without its two end blocks; all members are complete", ""));
        if (contents.TrailingBytes > 0)
            _warnings.Add(new Fault(FaultCode.TrailingData, $"{contents.TrailingBytes} bytes follow the end of the archive; they were ignored", ""));
        if (contents.HasDataAfterCompression)
            _warnings.Add(new Fault(FaultCode.TrailingData, $"data follows the end of the {compression} stream; it was ignored", ""));
        foreach (string name in contents.UnsafeNames)
            _warnings.Add(new Fault(FaultCode.PathTraversal, "a member's name leaves the archive; it was ignored", name));
    }

    private void WarnOfHistories(IReadOnlyList<ArchiveRoot> roots)
    {
        foreach (ImageNode image in roots.SelectMany(root => Soundness.Images(root.Node)).Distinct().Where(image => !image.Config!.HistoryFitsLayers))
            _warnings.Add(new Fault(FaultCode.HistoryInconsistent, "the config's history tells another number of layers than there are; some engines refuse to push such an image", image.Where));
    }
}
