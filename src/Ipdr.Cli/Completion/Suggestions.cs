using System.CommandLine;

namespace Ipdr.Cli.Completion;

/// <summary>What is suggested to shells.</summary>
internal static class Suggestions
{
    /// <summary>Suggests nothing behind switches: they are on when they are named, and what follows is mostly a file. By itself the parser suggests True and False.</summary>
    public static void LeaveOutSwitchValues(Command command)
    {
        foreach (Option option in command.Options.Where(option => option.ValueType == typeof(bool) || option.ValueType == typeof(bool?)))
            option.CompletionSources.Clear();
        foreach (Command subcommand in command.Subcommands)
            LeaveOutSwitchValues(subcommand);
    }
}
