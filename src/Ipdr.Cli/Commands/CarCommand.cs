using System.CommandLine;
using Ipdr.Cli.Inputs;
using Ipdr.Cli.Output.Reports;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Car;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr car</c>: what is in a CAR, whether it is sound, and its files.</summary>
internal static class CarCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "A CAR of version 1 or 2, or - for standard input." };

    private static readonly Option<ContentPath?> Root = new("--root")
    {
        Description = "What is meant: a CID in the CAR, perhaps with a path below it. Needed where the CAR does not name exactly one root.",
        HelpName = "CID[/PATH]",
        CustomParser = result => Choices.Parse<ContentPath>(result, result.Tokens[^1].Value),
    };

    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "Where the files go: nothing may be there, or an empty folder. If the root is a file, that is its name.",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document." };

    private static readonly Option<bool> Silent = new("--silent", "-s") { Description = "Print nothing but the CID." };

    private static readonly Option<bool> Quiet = new("--silent", "-s") { Description = "Print nothing; the exit code tells." };

    public static Command Create() => new("car", "Look into CARs, check them, and take their files out.")
    {
        Subcommand("ls", "List the files in a CAR. What is listed has been checked.", ListAsync, File, Root, Json),
        Subcommand("verify", "Check all of a CAR: every frame, every hash, that every block is there, and that the files are sound.", VerifyAsync, File, Json, Quiet),
        Subcommand("unpack", "Write the files in a CAR: all of them, checked, or none.", UnpackAsync, File, Output, Root, Json, Silent),
    };

    private static Command Subcommand(string name, string description, Func<ParseResult, CancellationToken, Task<int>> run, params Symbol[] symbols)
    {
        Command command = new(name, description);
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
                command.Arguments.Add(argument);
            else
                command.Options.Add((Option)symbol);
        }
        command.SetAction(run);
        return command;
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using CarInput input = await CarInput.OpenAsync(parsed.GetValue(File)!, cancellationToken).ConfigureAwait(false);
        using CarFile car = await input.OpenFileAsync(cancellationToken).ConfigureAwait(false);
        CarReporting report = new(Console.Out, parsed.GetValue(Json));
        ContentPath root = input.Choose(parsed.GetValue(Root), car.Header);
        DagReader dags = new(car);
        // A few blocks can spell more files than anybody waits for.
        await dags.MeasureAsync(root, cancellationToken).ConfigureAwait(false);
        await report.ListAsync(car.Header, root, dags.WalkAsync(root, cancellationToken)).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static async Task<int> VerifyAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using CarInput input = await CarInput.OpenAsync(parsed.GetValue(File)!, cancellationToken).ConfigureAwait(false);
        CarReport report = await CarVerifier.VerifyAsync(input.Path, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (!parsed.GetValue(Quiet) || parsed.GetValue(Json))
            new CarReporting(Console.Out, parsed.GetValue(Json)).Verified(input.Name, report);
        return report.Faults.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<int> UnpackAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string output = parsed.GetValue(Output)!;
        if (output == ArchiveSource.StandardInput)
            throw new UsageException("-o names a folder, and files cannot go to standard output");
        using CarInput input = await CarInput.OpenAsync(parsed.GetValue(File)!, cancellationToken).ConfigureAwait(false);
        using CarFile car = await input.OpenFileAsync(cancellationToken).ConfigureAwait(false);
        ContentPath root = input.Choose(parsed.GetValue(Root), car.Header);
        TreeSummary summary = await TreeExtractor.ExtractAsync(car, root, output, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (parsed.GetValue(Silent) && !parsed.GetValue(Json))
            await Console.Out.WriteLineAsync(summary.Root.ToString()).ConfigureAwait(false);
        else
            new CarReporting(Console.Out, parsed.GetValue(Json)).Unpacked(summary, output);
        return ExitCode.Done;
    }
}
