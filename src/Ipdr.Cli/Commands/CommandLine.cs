using System.CommandLine;
using System.CommandLine.Help;
using Ipdr.Cli.Completion;
using Ipdr.Cli.Output;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Faults;

namespace Ipdr.Cli.Commands;

/// <summary>The whole command line: parsing, interruption, and the one place that turns failures into exit codes.</summary>
internal static class CommandLine
{
    // A file may be called @name: it is a file, and not one of further arguments.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(string[] args)
    {
        RootCommand root = new("ipdr, the InterPlanetary Docker Registry: container images as content that can be named, checked and moved without trusting anybody.")
        {
            ConvertCommand.Create(),
            CopyCommand.Create(),
            InspectCommand.Create(),
            CidCommand.Create(),
            CarCommand.Create(),
            VerifyCommand.Create(),
            PushCommand.Create(),
            PullCommand.Create(),
            ServeCommand.Create(),
            DigCommand.Create(),
            ListCommand.Create(),
            TagCommand.Create(),
            RemoveCommand.Create(),
            CollectCommand.Create(),
            LoginCommand.Create(),
            LogoutCommand.Create(),
            CompletionCommand.Create(),
        };
        root.Options.Add(GlobalOptions.LogLevel);
        Suggestions.LeaveOutSwitchValues(root);
        if (root.Options.OfType<HelpOption>().Single().Action is HelpAction help)
            help.MaxWidth = Terminal.ColumnsOfOutput();
        ParseResult parsed = root.Parse(args, Parsing);
        if (UsageErrors.Of(parsed, args) is { Count: > 0 } wrong)
        {
            ErrorReport.Usage(Console.Error, wrong, UsageErrors.PathOf(parsed.CommandResult));
            return ExitCode.Usage;
        }
        using Interruption interruption = new();
        return await RunAsync(parsed, interruption.Token).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ErrorReport errors = new(Console.Error, parsed.GetValue(GlobalOptions.LogLevel));
        try
        {
            InvocationConfiguration invocation = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            errors.Interrupted();
            return ExitCode.Interrupted;
        }
        catch (UsageException e)
        {
            ErrorReport.Usage(Console.Error, [e.Message], UsageErrors.PathOf(parsed.CommandResult));
            return ExitCode.Usage;
        }
        catch (IpdrException e)
        {
            errors.Failed(e);
            return ExitCode.Failed;
        }
        catch (FileNotFoundException e) when (!HasWorkingFolder())
        {
            errors.Failed(new IpdrException(new Fault(FaultCode.Io, "the working folder is not there any more", "", "Change to another folder."), e));
            return ExitCode.Failed;
        }
#pragma warning disable CA1031 // The last resort of the process: whatever it is, the user gets a sentence and an exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            errors.Unexpected(e);
            return ExitCode.Failed;
        }
    }

    // Everything that is relative, and all that asks where it would be relative to, fails without one.
    private static bool HasWorkingFolder()
    {
        try
        {
            return Environment.CurrentDirectory.Length > 0;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
