using System.CommandLine;

namespace Ipdr.Cli.Commands;

/// <summary>Options of every command.</summary>
internal static class GlobalOptions
{
    public static readonly Option<LogLevel> LogLevel = CreateLogLevel();

    private static Option<LogLevel> CreateLogLevel()
    {
        Option<LogLevel> option = Choices.Option(
            "--log-level",
            "What is told on stderr; debug adds stack traces.",
            ("info", Commands.LogLevel.Info), ("error", Commands.LogLevel.Error), ("warning", Commands.LogLevel.Warning), ("debug", Commands.LogLevel.Debug));
        option.Recursive = true;
        return option;
    }
}
