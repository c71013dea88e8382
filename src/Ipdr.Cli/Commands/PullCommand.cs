using System.CommandLine;
using System.CommandLine.Parsing;
using Ipdr.Cli.Output;
using Ipdr.Cli.Output.Reports;
using Ipdr.Cli.Places;
using Ipdr.Cli.Progress;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Images;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Resolution;
using Ipdr.Oci.Store;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr pull</c>: an image is fetched by its CID.</summary>
internal static class PullCommand
{
    private static readonly Argument<string> Reference = new("REF") { Description = "A CID in any spelling, a path or address with one, a name as the first IPDR gave, or a name, of the store or of a resolver." };

    private static readonly Option<ImagePlace?> To = new("--to")
    {
        Description = "Where it goes: docker-daemon:[NAME], oci:DIR, docker-archive:FILE, oci-archive:FILE, registry-v2:DIR, docker://…; - for an archive on standard output; store for nowhere else. Default: the container engine, if one answers.",
        HelpName = "PLACE",
        CustomParser = result => result.Tokens[^1].Value switch
        {
            "store" => new ImagePlace(PlaceKind.Store, "", null),
            "docker-daemon" => new ImagePlace(PlaceKind.DockerDaemon, "", null),
            string text when DagPlace.Resembles(text) => Refuse(result, text),
            string text => Choices.Parse<ImagePlace>(result, text),
        },
    };

    private static readonly Option<string?> Tag = new("--tag") { Description = "Which of several images below the CID. Default: latest.", HelpName = "TAG" };

    private static readonly Option<string> RegistryHost = new("--docker-registry-host")
    {
        Description = "The registry that the image's name begins with.",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => new PullOptions().RegistryHost,
    };

    private static readonly Option<Platform[]> Platforms = Choices.Parsed<Platform>("--platform", "Only images for this platform; may be repeated. Default: that of this machine, where there are several.", "OS/ARCH[/VARIANT]");

    private static readonly Option<bool> AllPlatforms = new("--all-platforms", "--all", "-a") { Description = "All platforms." };

    private static readonly Option<bool> Referrers = new("--referrers") { Description = "Signatures, SBOMs and attestations too, where the CID holds them. Container engines cannot: say another place with --to." };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document." };

    private static readonly Option<bool> Silent = new("--silent", "-s") { Description = "Print nothing but the reference to run." };

    public static Command Create()
    {
        Command command = new("pull", "Fetch an image by its CID from places that need not be trusted, into the store and from there to a container engine, a layout or an archive.")
        {
            Reference, CidOptions.Resolvers, To, Tag, RegistryHost, Platforms, AllPlatforms, Referrers, RegistryArguments.Insecure, RegistryArguments.AuthFile, Json, Silent,
        };
        BlockOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    // As a place of images it would be one in the engine, of a name that nobody means.
    private static ImagePlace? Refuse(ArgumentResult result, string text)
    {
        string kind = text.Split('=')[0];
        result.AddError($"\"{text}\" is no place of images: what is pulled goes to a container engine, a layout, an archive or a registry; {kind} is where ipdr push hands content over. An image of that name in the engine is written docker-daemon:{kind}.");
        return null;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        PullReference reference = PullReference.Parse(parsed.GetRequiredValue(Reference));
        CopyOptions copy = new() { Platforms = parsed.GetValue(Platforms) ?? [], AllPlatforms = parsed.GetValue(AllPlatforms), Referrers = parsed.GetValue(Referrers) };
        if (copy is { AllPlatforms: true, Platforms.Count: > 0 })
            throw new UsageException("--platform and --all-platforms contradict each other");
        PullOptions options = new() { Copy = copy, Tag = parsed.GetValue(Tag), Destination = parsed.GetValue(To), RegistryHost = parsed.GetRequiredValue(RegistryHost) };
        LogLevel logLevel = parsed.GetValue(Silent) ? LogLevel.Warning : parsed.GetValue(GlobalOptions.LogLevel);
        PullSources sources = BlockOptions.Read(parsed, logLevel);
        BlockPool pool = await sources.OpenAsync(cancellationToken).ConfigureAwait(false);
        PullResult result;
        IReadOnlyList<SourceReport> reports;
        await using (pool.ConfigureAwait(false))
        {
            result = await PullAsync(reference, sources, pool, CidOptions.OpenResolvers(parsed, pool), options, RegistryArguments.Read(parsed), logLevel, cancellationToken).ConfigureAwait(false);
            reports = pool.Sources;
        }
        new ErrorReport(Console.Error, logLevel).Warn(result.Warnings);
        PullReport report = new(options.Destination?.IsStandardStream == true ? Console.Error : Console.Out);
        if (parsed.GetValue(Json))
            report.WriteJson(result, reports);
        else if (parsed.GetValue(Silent))
            report.WriteReference(result);
        else
            report.WriteText(result, reports);
        return ExitCode.Done;
    }

    private static async Task<PullResult> PullAsync(
        PullReference reference, PullSources sources, BlockPool pool, CidResolvers? resolvers, PullOptions options, RegistryOptions registries, LogLevel logLevel, CancellationToken cancellationToken)
    {
        ProgressDisplay display = ProgressDisplay.Create(logLevel);
        await using (display.ConfigureAwait(false))
        {
            PlaceOptions places = PlaceArgument.Options(display.Observer, registries);
            using ContentStore store = ContentStore.Open(places.StoreHome);
            Cid root = await reference.ResolveAsync(store, resolvers, options.Copy.Referrers, cancellationToken).ConfigureAwait(false);
            await sources.AskAsync(pool, root, cancellationToken).ConfigureAwait(false);
            return await new ImagePuller(store, places).PullAsync(root, pool, options, cancellationToken).ConfigureAwait(false);
        }
    }
}
