using System.CommandLine;
using Ipdr.Cli.Output;
using Ipdr.Cli.Output.Reports;
using Ipdr.Cli.Places;
using Ipdr.Cli.Progress;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Destinations.Dags;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Store;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr push</c>: an image gets a CID and is handed over.</summary>
internal static class PushCommand
{
    private static readonly Argument<ImagePlace> Source = PlaceArgument.Create("SRC", "The image: a name or ID of the container engine, or " + PlaceArgument.Spellings);

    private static readonly Option<DagPlace[]> To = Choices.Parsed<DagPlace>(
        "--to",
        "Where it goes; may be repeated. store: the embedded store, through which everything goes; kubo[=ADDRESS]: an IPFS daemon; car=FILE or car=-; cluster=URL: IPFS Cluster; pinning=URL: a pinning service, "
        + "with its token in IPDR_PINNING_TOKEN. Default: store.",
        "PLACE");

    private static readonly Option<bool> Referrers = new("--referrers") { Description = "Signatures, SBOMs and attestations too: what refers to the image as its subject, or by a tag of cosign's. The CID then holds them as well." };

    private static readonly Option<string?> IpfsHost = KuboOptions.Host();

    private static readonly Option<string?> Replication = new("--replication") { Description = "On how many peers of a cluster, at least and at most. Default: what the cluster is set to.", HelpName = "MIN[:MAX]" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document." };

    private static readonly Option<bool> Silent = new("--silent", "-s") { Description = "Print nothing but the CID." };

    public static Command Create()
    {
        Command command = new("push", "Give an image a CID and hand it over: to the embedded store, IPFS daemons, clusters, pinning services, CARs.")
        {
            Source, To, Referrers, IpfsHost, Replication, RegistryArguments.Insecure, RegistryArguments.AuthFile, Json, Silent,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ImagePlace source = parsed.GetRequiredValue(Source);
        LogLevel logLevel = parsed.GetValue(Silent) ? LogLevel.Warning : parsed.GetValue(GlobalOptions.LogLevel);
        DagPlace[] wanted = parsed.GetValue(To) ?? [];
        // Whoever names a daemon means it.
        if (wanted.Length == 0 && parsed.GetValue(IpfsHost) is not null)
            wanted = [DagPlace.Parse("kubo")];
        if (wanted.Count(place => place.IsStandardStream) > 1)
            throw new UsageException("standard output takes one CAR");
        if (parsed.GetValue(Replication) is not null && !wanted.Any(place => place.Kind == DagPlace.Cluster))
            throw new UsageException("--replication has nothing to act on: say which cluster with --to cluster=URL");
        DagPlaceOptions options = new(() => KuboOptions.Locate(parsed.GetValue(IpfsHost)), DagPlaceOptions.ReadReplication(parsed.GetValue(Replication)), text => Say(text, logLevel));
        List<IDagDestination> destinations = [];
        try
        {
            foreach (DagPlace place in wanted)
            {
                if (place.Open(options) is { } destination)
                    destinations.Add(destination);
            }
            PushResult result = await PushAsync(source, destinations, parsed.GetValue(Referrers), RegistryArguments.Read(parsed), logLevel, cancellationToken).ConfigureAwait(false);
            return Report(parsed, result, logLevel, wanted.Any(place => place.IsStandardStream));
        }
        finally
        {
            foreach (IDagDestination destination in destinations)
                await destination.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<PushResult> PushAsync(ImagePlace source, List<IDagDestination> destinations, bool referrers, RegistryOptions registries, LogLevel logLevel, CancellationToken cancellationToken)
    {
        ProgressDisplay display = ProgressDisplay.Create(logLevel);
        await using (display.ConfigureAwait(false))
        {
            PlaceOptions places = PlaceArgument.Options(display.Observer, registries, new PullSources([], [], null, new SourceNotes(Console.Error, logLevel)));
            using ContentStore store = source.Kind == PlaceKind.Store ? ContentStore.OpenExisting(places.StoreHome) : ContentStore.Open(places.StoreHome);
            return await new ImagePusher(store, places) { Referrers = referrers }.PushAsync(source, destinations, cancellationToken).ConfigureAwait(false);
        }
    }

    private static int Report(ParseResult parsed, PushResult result, LogLevel logLevel, bool isOutputTaken)
    {
        ErrorReport errors = new(Console.Error, logLevel);
        errors.Warn(result.Warnings);
        // A CAR on standard output is the result.
        PushReport report = new(isOutputTaken ? Console.Error : Console.Out);
        if (parsed.GetValue(Json))
            report.WriteJson(result);
        else if (parsed.GetValue(Silent))
            report.WriteCid(result);
        else
            report.WriteText(result);
        foreach (DagDelivered failed in result.Delivered.Where(delivered => delivered.Failure is not null))
            errors.Failed(failed.Failure!);
        return result.Delivered.Any(delivered => delivered.Failure is not null) ? ExitCode.Failed : ExitCode.Done;
    }

    private static void Say(string text, LogLevel logLevel)
    {
        if (logLevel >= LogLevel.Info)
            Console.Error.WriteLine(Printable.Of(text));
    }
}
