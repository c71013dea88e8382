using Ipdr.Cli.Commands;
using Ipdr.Oci.Conversion;
using Spectre.Console;

namespace Ipdr.Cli.Progress;

/// <summary>Shows on stderr what is going on, until it is disposed of.</summary>
internal abstract class ProgressDisplay : IAsyncDisposable
{
    /// <summary>What the conversion tells; null when nothing is shown.</summary>
    public abstract IConversionObserver? Observer { get; }

    /// <summary>Bars on a terminal, lines elsewhere, nothing when only warnings are wanted.</summary>
    public static ProgressDisplay Create(LogLevel level)
    {
        if (level < LogLevel.Info)
            return new NoProgress();
        if (Console.IsErrorRedirected)
            return new ProgressLines(Console.Error);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Profile.Capabilities.Interactive ? new ProgressBars(console) : new ProgressLines(Console.Error);
    }

    public abstract ValueTask DisposeAsync();
}
