using System.CommandLine;

namespace Ipdr.Cli.Commands;

/// <summary>Options of every command.</summary>
internal static class GlobalOptions
{
    public static readonly Option<LogLevel> LogLevel = new("--log-level")
    {
        Description = "What is told on stderr: error, warning, info or debug (with stack traces).",
        DefaultValueFactory = _ => Commands.LogLevel.Info,
        Recursive = true,
    };
}
