using System.CommandLine;
using Ipdr.Cli.Completion;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr completion</c>: shells learn to complete the rest.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<Shell> Shell = Choices.Argument("SHELL", "The shell.", ("bash", Completion.Shell.Bash), ("zsh", Completion.Shell.Zsh), ("fish", Completion.Shell.Fish));

    public static Command Create()
    {
        Command command = new("completion", "Print what makes a shell complete commands, options and their values: eval \"$(ipdr completion bash)\", or put it where the shell looks.") { Shell };
        command.SetAction(parsed => Console.Out.Write(CompletionScript.For(parsed.GetValue(Shell))));
        return command;
    }
}
