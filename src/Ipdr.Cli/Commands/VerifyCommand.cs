using System.CommandLine;
using Ipdr.Cli.Inputs;
using Ipdr.Cli.Output;
using Ipdr.Cli.Places;
using Ipdr.Cli.Progress;
using Ipdr.Cli.Usage;
using Ipdr.Cli.Verify;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Store;
using Ipdr.Oci.Transfer;
using Ipdr.Oci.Verification;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr verify</c>: what is wrong with anything that claims to be an image.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<string[]> Places = new("PLACE")
    {
        Description = "What to verify: layouts, archives, globs such as 'images/*.tar', - for an archive on standard input; "
            + "or with what it must be before it: oci:DIR[:REF], registry-v2:DIR[:REPO:TAG], universal:DIR[:REF], oci-archive:FILE[:REF], docker-archive:FILE, car:FILE, dir:DIR. "
            + "store:NAME is an image of the store, store: all of it; docker://HOST/REPO:TAG, docker-daemon:NAME and ipfs://CID are streamed and not kept, "
            + "and so is all that 'docker://HOST/REPO:1.*', 'docker://HOST/*' and 'docker://HOST/PREFIX/*' mean.",
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

    private static readonly Option<string[]> Keys = new("--key")
    {
        Description = "A public key in PEM (cosign.pub), or a certificate: every image must be signed with it, or with another one where --key is given again. "
            + "Signatures are those of cosign, in the place itself; nobody else is asked.",
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Command Create()
    {
        Command command = new("verify", "Check anything that claims to be an image, down to every byte of every layer, and report all that is wrong.")
        {
            Places, Quick, Strict, Json, Sarif, Silent, MaxLayerSize, MaxRatio, Cid, CidBlocks, WantedDigest, Keys, RepairFrom, RegistryArguments.Insecure, RegistryArguments.AuthFile,
        };
        BlockOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Json) && parsed.GetValue(Sarif))
            throw new UsageException("--json and --sarif are two formats of one output: choose one");
        if (parsed.GetValue(CidBlocks) is not null && parsed.GetValue(Cid) is null)
            throw new UsageException("--cid-blocks has nothing to explain without --cid");
        VerificationOptions options = ReadOptions(parsed) with { Keys = await KeyFile.ReadAllAsync(parsed.GetValue(Keys) ?? [], cancellationToken).ConfigureAwait(false) };
        bool strict = parsed.GetValue(Strict);
        LogLevel logLevel = parsed.GetValue(Silent) ? LogLevel.Error : parsed.GetValue(GlobalOptions.LogLevel);
        string[] repairFrom = [.. NamedPlace.Expand(parsed.GetValue(RepairFrom) ?? [], Directory.GetCurrentDirectory()).Select(RepairPathOf)];
        IReadOnlyList<NamedPlace> places = NamedPlace.Expand(parsed.GetValue(Places)!, Directory.GetCurrentDirectory());
        foreach (NamedPlace place in places)
            RequireUse(place, options, repairFrom);
        List<VerificationReport> reports = [];
        foreach (NamedPlace place in places)
            reports.AddRange(await VerifyAsync(parsed, place, options, repairFrom, logLevel, cancellationToken).ConfigureAwait(false));
        if (!parsed.GetValue(Silent) || parsed.GetValue(Json) || parsed.GetValue(Sarif))
            ReportTo(parsed).Write(reports, strict);
        return reports.TrueForAll(report => report.IsSound(strict)) ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<IReadOnlyList<VerificationReport>> VerifyAsync(ParseResult parsed, NamedPlace place, VerificationOptions options, string[] repairFrom, LogLevel logLevel, CancellationToken cancellationToken)
    {
        ProgressDisplay display = ProgressDisplay.Create(logLevel, perFile: false);
        await using (display.ConfigureAwait(false))
        {
            if (place.Form == TargetForm.Store)
                return [await VerifyStoreAsync(place, options, repairFrom, display.Observer, cancellationToken).ConfigureAwait(false)];
            if (repairFrom.Length > 0)
                return [await Verifier.RepairAsync(place.Path, place.Form, repairFrom, options, display.Observer, cancellationToken).ConfigureAwait(false)];
            PlaceOptions places = PlaceArgument.Options(display.Observer, RegistryArguments.Read(parsed), BlockOptions.Read(parsed, logLevel));
            return place.Elsewhere is { IsRepositoryPattern: true } pattern
                ? await VerifyRepositoriesAsync(pattern, places, options, cancellationToken).ConfigureAwait(false)
                : [await Verifier.VerifyAsync(TargetOf(place, places, options), options, display.Observer, cancellationToken).ConfigureAwait(false)];
        }
    }

    // Each repository is a target. That they cannot be listed is a finding, as it is of any place that does not answer.
    private static async Task<IReadOnlyList<VerificationReport>> VerifyRepositoriesAsync(ImagePlace pattern, PlaceOptions places, VerificationOptions options, CancellationToken cancellationToken)
    {
        IReadOnlyList<IImageSource> sources;
        try
        {
            sources = await Oci.Transfer.Places.OpenSourcesAsync(pattern, places, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e)
        {
            return [await Verifier.VerifyAsync(VerificationTarget.OfSource(_ => Task.FromException<IImageSource>(e), pattern.ToString()), options, places.Observer, cancellationToken).ConfigureAwait(false)];
        }
        List<VerificationReport> reports = [];
        try
        {
            foreach (IImageSource source in sources)
                reports.Add(await Verifier.VerifyAsync(VerificationTarget.OfSource(_ => Task.FromResult(source), source.Place), options, places.Observer, cancellationToken).ConfigureAwait(false));
            return reports;
        }
        finally
        {
            foreach (IImageSource left in sources.Skip(reports.Count))
                await left.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<VerificationReport> VerifyStoreAsync(NamedPlace place, VerificationOptions options, string[] repairFrom, IContentObserver? observer, CancellationToken cancellationToken)
    {
        try
        {
            using ContentStore store = ContentStore.OpenExisting(StoreHome.Locate());
            return repairFrom.Length > 0
                ? await Verifier.RepairAsync(store, place.Image, repairFrom, options, observer, cancellationToken).ConfigureAwait(false)
                : await Verifier.VerifyAsync(VerificationTarget.OfStore(store, place.Image), options, observer, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e) when (repairFrom.Length == 0)
        {
            // As of any place that cannot be opened.
            return await Verifier.VerifyAsync(VerificationTarget.OfSource(_ => Task.FromException<IImageSource>(e), place.Path), options, observer, cancellationToken).ConfigureAwait(false);
        }
    }

    private static VerificationTarget TargetOf(NamedPlace place, PlaceOptions places, VerificationOptions options) => place switch
    {
        { Elsewhere: null, IsStandardInput: false } when options.Keys.Count > 0 => VerificationTarget.OfPath(place.Path, place.Form).WithSource(token => Oci.Transfer.Places.OpenSourceAsync(place.Whole, places, token)),
        { Elsewhere: { Kind: PlaceKind.DockerDaemon } image } => VerificationTarget.OfExport(token => Oci.Transfer.Places.OpenExportAsync(image, token), place.Path, place.Form),
        { Elsewhere: { } image } => VerificationTarget.OfSource(token => Oci.Transfer.Places.OpenSourceAsync(image, places, token), place.Path),
        { IsStandardInput: true } => VerificationTarget.OfStream(new StandardInputStream(), "standard input", place.Form),
        _ => VerificationTarget.OfPath(place.Path, place.Form),
    };

    // What an option asks for should not be left out unnoticed.
    private static void RequireUse(NamedPlace place, VerificationOptions options, string[] repairFrom)
    {
        if (options.Keys.Count > 0)
            RequireSignatures(place, repairFrom);
        if (place.Elsewhere is not { } elsewhere)
            return;
        if (options.CidBlocks is not null)
            throw new UsageException($"--cid-blocks tells the first path of a folder that differs, and {place.Path} is none");
        if (options.Digest is not null && elsewhere.IsRepositoryPattern)
            throw new UsageException($"--digest: an image with that digest is in one repository, and {place.Path} is all of them");
        if (options.Cid is not null && elsewhere.Kind != PlaceKind.Store)
            throw new UsageException($"--cid: {place.Path} is no folder that could have a CID; copy the image to a universal layout or to the store, and verify that");
        if (repairFrom.Length > 0 && elsewhere.Kind != PlaceKind.Store)
            throw new UsageException($"--repair-from: nothing can be put in its place in {place.Path}; only layouts and the store are repaired");
    }

    private static void RequireSignatures(NamedPlace place, string[] repairFrom)
    {
        if (place.IsStandardInput)
            throw new UsageException("--key: signatures are looked for when the image is known, and standard input is read by then; save the archive to a file first");
        if (place.Elsewhere is { Kind: PlaceKind.DockerDaemon })
            throw new UsageException($"--key: a container engine keeps no signatures, so none of {place.Path} can be here; name the image in a registry, or a layout that ipdr copy --referrers made");
        if (repairFrom.Length > 0)
            throw new UsageException("--key and --repair-from: repair first, then verify the signatures of what is there");
    }

    // The store keeps its blobs as a layout does; whatever is wanted has its digest in its name.
    private static string RepairPathOf(NamedPlace place) => place.Elsewhere switch
    {
        null => place.Path,
        { Kind: PlaceKind.Store } => Path.Combine(StoreHome.Locate(), "blobs"),
        _ => throw new UsageException($"--repair-from takes layouts, archives and the store, not {place.Path}: copy the image to a layout first"),
    };

    private static IVerificationReport ReportTo(ParseResult parsed)
    {
        if (parsed.GetValue(Json))
            return new VerificationJsonReport(Console.Out);
        if (parsed.GetValue(Sarif))
            return new SarifReport(Console.Out);
        return Console.IsOutputRedirected ? new VerificationTextReport(Console.Out) : new VerificationTreeReport(Terminal.OfOutput());
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
