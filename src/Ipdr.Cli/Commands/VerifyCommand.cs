using System.CommandLine;
using Ipdr.Cli.Inputs;
using Ipdr.Cli.Progress;
using Ipdr.Cli.Usage;
using Ipdr.Cli.Verify;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Store;
using Ipdr.Oci.Verification;
using Spectre.Console;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr verify</c>: what is wrong with anything that claims to be an image.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<string[]> Places = new("PLACE")
    {
        Description = "What to verify: layouts, archives, globs such as 'images/*.tar', - for an archive on standard input; "
            + "or with what it must be before it: oci:DIR, registry-v2:DIR, oci-archive:FILE, docker-archive:FILE, car:FILE, dir:DIR. "
            + "store:NAME is an image of the store, store: all of it.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> Quick = new("--quick") { Description = "Do not decompress layers: neither DiffIds nor what is in layers is checked." };

    private static readonly Option<bool> Strict = new("--strict") { Description = "Fail on warnings too." };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document." };

    private static readonly Option<bool> Sarif = new("--sarif") { Description = "Print one SARIF 2.1.0 document, for CI systems." };

    private static readonly Option<bool> Silent = new("--silent", "-s") { Description = "Print nothing; the exit code tells." };

    private static readonly Option<long?> MaxLayerSize = Choices.Size("--max-layer-size", "Refuse layers that expand to more than this; with K, M, G or T for powers of 1024. Default: 64G.");

    private static readonly Option<long?> MaxRatio = Choices.Number("--max-ratio", "Refuse layers that expand to more than this many times their size. Default: 2000.", 1, long.MaxValue);

    private static readonly Option<Cid?> Cid = Choices.ParsedValue<Cid>("--cid", "The CID that the layout, or a root of the CAR, should have; each profile that can give it is tried.", "CID");

    private static readonly Option<string?> CidBlocks = new("--cid-blocks") { Description = "A CAR of what has that CID, to tell the first path that differs.", HelpName = "CAR" };

    private static readonly Option<Digest?> WantedDigest = Choices.ParsedValue<Digest>("--digest", "The digest that an image in it should have.", "DIGEST");

    private static readonly Option<string[]> RepairFrom = new("--repair-from")
    {
        Description = "Take missing and corrupt blobs from these layouts or archives, each verified before it is put in place.",
        HelpName = "PLACE",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create()
    {
        Command command = new("verify", "Check anything that claims to be an image, down to every byte of every layer, and report all that is wrong.")
        {
            Places, Quick, Strict, Json, Sarif, Silent, MaxLayerSize, MaxRatio, Cid, CidBlocks, WantedDigest, RepairFrom,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Json) && parsed.GetValue(Sarif))
            throw new UsageException("--json and --sarif are two formats of one output: choose one");
        if (parsed.GetValue(CidBlocks) is not null && parsed.GetValue(Cid) is null)
            throw new UsageException("--cid-blocks has nothing to explain without --cid");
        VerificationOptions options = ReadOptions(parsed);
        bool strict = parsed.GetValue(Strict);
        LogLevel logLevel = parsed.GetValue(Silent) ? LogLevel.Error : parsed.GetValue(GlobalOptions.LogLevel);
        string[] repairFrom = [.. NamedPlace.Expand(parsed.GetValue(RepairFrom) ?? [], Directory.GetCurrentDirectory()).Select(PathOf)];
        IReadOnlyList<NamedPlace> places = NamedPlace.Expand(parsed.GetValue(Places)!, Directory.GetCurrentDirectory());
        if (options.CidBlocks is not null && places.Any(place => !place.IsFile))
            throw new UsageException("--cid-blocks tells the first path of a folder that differs, and the store is none");
        List<VerificationReport> reports = [];
        foreach (NamedPlace place in places)
            reports.Add(await VerifyAsync(place, options, repairFrom, logLevel, cancellationToken).ConfigureAwait(false));
        if (!parsed.GetValue(Silent) || parsed.GetValue(Json) || parsed.GetValue(Sarif))
            ReportTo(parsed).Write(reports, strict);
        return reports.TrueForAll(report => report.IsSound(strict)) ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<VerificationReport> VerifyAsync(NamedPlace place, VerificationOptions options, string[] repairFrom, LogLevel logLevel, CancellationToken cancellationToken)
    {
        ProgressDisplay display = ProgressDisplay.Create(logLevel, perFile: false);
        await using (display.ConfigureAwait(false))
        {
            if (place.Form == TargetForm.Store)
                return await VerifyStoreAsync(place, options, repairFrom, display.Observer, cancellationToken).ConfigureAwait(false);
            if (repairFrom.Length > 0)
                return await Verifier.RepairAsync(place.Path, place.Form, repairFrom, options, display.Observer, cancellationToken).ConfigureAwait(false);
            VerificationTarget target = place.IsStandardInput
                ? VerificationTarget.OfStream(new StandardInputStream(), "standard input", place.Form)
                : VerificationTarget.OfPath(place.Path, place.Form);
            return await Verifier.VerifyAsync(target, options, display.Observer, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<VerificationReport> VerifyStoreAsync(NamedPlace place, VerificationOptions options, string[] repairFrom, IContentObserver? observer, CancellationToken cancellationToken)
    {
        using ContentStore store = ContentStore.Open(StoreHome.Locate());
        return repairFrom.Length > 0
            ? await Verifier.RepairAsync(store, place.Image, repairFrom, options, observer, cancellationToken).ConfigureAwait(false)
            : await Verifier.VerifyAsync(VerificationTarget.OfStore(store, place.Image), options, observer, cancellationToken).ConfigureAwait(false);
    }

    // The store keeps its blobs as a layout does; whatever is wanted has its digest in its name.
    private static string PathOf(NamedPlace place) => place.Form == TargetForm.Store ? Path.Combine(StoreHome.Locate(), "blobs") : place.Path;

    private static IVerificationReport ReportTo(ParseResult parsed)
    {
        if (parsed.GetValue(Json))
            return new VerificationJsonReport(Console.Out);
        if (parsed.GetValue(Sarif))
            return new SarifReport(Console.Out);
        return Console.IsOutputRedirected ? new VerificationTextReport(Console.Out) : new VerificationTreeReport(AnsiConsole.Console);
    }

    private static VerificationOptions ReadOptions(ParseResult parsed)
    {
        VerificationOptions options = new() { Quick = parsed.GetValue(Quick) };
        return options with
        {
            MaxLayerBytes = parsed.GetValue(MaxLayerSize) ?? options.MaxLayerBytes,
            MaxExpansion = parsed.GetValue(MaxRatio) ?? options.MaxExpansion,
            Cid = parsed.GetValue(Cid),
            CidBlocks = parsed.GetValue(CidBlocks),
            Digest = parsed.GetValue(WantedDigest),
        };
    }
}
