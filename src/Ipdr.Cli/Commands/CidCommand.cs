using System.CommandLine;
using Ipdr.Cli.Inputs;
using Ipdr.Cli.Output;
using Ipdr.Cli.Output.Documents;
using Ipdr.Cli.Output.Reports;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Faults;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr cid</c>: the CID that importing files and directories into IPFS gives.</summary>
internal static class CidCommand
{
    private static readonly Argument<string[]> Paths = new("PATH")
    {
        Description = "Files, directories, symbolic links (which are not followed), or - for standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> Recursive = new("--recursive", "-r") { Description = "Print the CID of everything in a directory too." };

    private static readonly Option<string[]> Include = Patterns(
        "--include",
        "Only files that match the pattern, such as '**/*.json'; may be repeated. Directories without any are left out.");

    private static readonly Option<string[]> Exclude = Patterns(
        "--exclude",
        "No files or directories that match the pattern, such as '.git/'; may be repeated.");

    private static readonly Option<bool> Hidden = Switch("--hidden", "Are names that start with a dot taken in?");

    private static readonly Option<bool> EmptyDirs = Switch("--empty-dirs", "Are empty directories taken in? Never with --include.");

    private static readonly Option<bool> DereferenceArguments =
        new("--dereference-args") { Description = "Follow the symbolic links that are given as PATH; not those below." };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document, with the rules by which the CIDs were made." };

    private static readonly Option<bool> Silent = new("--silent", "-s") { Description = "Print nothing but the CIDs." };

    public static Command Create()
    {
        Command command = new("cid", "Print the CID that importing a file or directory into IPFS gives. No IPFS is needed.")
        {
            Paths, Recursive, Include, Exclude, Hidden, EmptyDirs, DereferenceArguments, CarOutput.Car, CarOutput.Version, Json, Silent,
        };
        foreach (Option option in ProfileOptions.All)
            command.Options.Add(option);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        UnixFsProfile profile = ProfileOptions.Read(parsed);
        CarOutput car = CarOutput.Read(parsed);
        PathSelection selection = new(parsed.GetValue(Include) ?? [], parsed.GetValue(Exclude) ?? [], parsed.GetValue(Hidden));
        ImportOptions options = new()
        {
            Profile = profile,
            Filter = selection.Filter,
            EmptyDirectories = parsed.GetValue(EmptyDirs) && selection.Include.Count == 0,
            KeepBlocks = parsed.GetValue(Recursive) || car.IsWanted,
        };
        string[] paths = parsed.GetValue(Paths)!;
        Check(paths, profile, car);
        ICidReport report = parsed.GetValue(Json)
            ? new CidJson(car.Report, ProfileDocument.Of(profile), new SelectionDocument(selection.Include, selection.Exclude, selection.Hidden, options.EmptyDirectories))
            : new CidLines(car.Report, withPaths: !parsed.GetValue(Silent));
        ErrorReport errors = new(Console.Error, parsed.GetValue(GlobalOptions.LogLevel));
        int failed = 0;
        foreach (string path in paths)
        {
            try
            {
                Dag dag = await ImportAsync(path, options, parsed.GetValue(DereferenceArguments), cancellationToken).ConfigureAwait(false);
                await car.WriteAsync(dag, cancellationToken).ConfigureAwait(false);
                Report(report, path, dag, parsed.GetValue(Recursive));
            }
            catch (IpdrException e) when (paths.Length > 1)
            {
                errors.Failed(e);
                failed++;
            }
        }
        report.Complete();
        return failed == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<Dag> ImportAsync(string path, ImportOptions options, bool dereference, CancellationToken cancellationToken)
    {
        if (path != ArchiveSource.StandardInput)
            return await UnixFsImporter.ImportAsync(dereference ? Dereferenced(path) : path, options, cancellationToken).ConfigureAwait(false);
        StandardInputStream input = new();
        await using (input.ConfigureAwait(false))
            return await UnixFsImporter.ImportAsync(input, options with { KeepBlocks = false }, cancellationToken).ConfigureAwait(false);
    }

    private static string Dereferenced(string path)
    {
        try
        {
            // In full, since a link that is named without its folder would be followed from the root on.
            return File.ResolveLinkTarget(Path.GetFullPath(path), returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException e)
        {
            throw new IpdrException(new Fault(FaultCode.BadLink, e.Message.TrimEnd('.'), path, "Check where the link points."), e);
        }
    }

    private static void Report(ICidReport report, string path, Dag dag, bool recursive)
    {
        DagEntry root = new("", dag.Kind, dag.Root, dag.FileSize, dag.CumulativeSize);
        foreach (DagEntry entry in recursive && dag.Kind == DagEntryKind.Directory ? dag.Entries() : [root])
            report.Add(entry.Path.Length == 0 ? path : $"{path.TrimEnd('/')}/{entry.Path}", entry);
    }

    private static void Check(string[] paths, UnixFsProfile profile, CarOutput car)
    {
        int streams = paths.Count(path => path == ArchiveSource.StandardInput);
        if (streams > 1)
            throw new UsageException("standard input can be read once only");
        if (streams > 0 && (profile.PreserveMode || profile.PreserveMtime))
            throw new UsageException("standard input has neither a mode nor a time to preserve");
        if (car.IsWanted && streams > 0)
            throw new UsageException("a CAR begins with its root, which is known at the end of the input: save standard input to a file first");
        if (car.IsWanted && paths.Length > 1)
            throw new UsageException("a CAR has one root: give one PATH, such as a directory that holds the others");
    }

    private static Option<string[]> Patterns(string name, string description) =>
        new(name) { Description = description, HelpName = "GLOB", Arity = ArgumentArity.OneOrMore };

    private static Option<bool> Switch(string name, string description) =>
        new(name) { Description = $"{description} true or false. Default: true.", DefaultValueFactory = _ => true };
}
