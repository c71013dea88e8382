using Ipdr.Cli.Commands;
using Ipdr.Cli.Output;
using Ipdr.Oci.Conversion;
using Spectre.Console;

namespace Ipdr.Cli.Progress;

/// <summary>Shows on stderr what is going on, until it is disposed of.</summary>
internal abstract class ProgressDisplay : IAsyncDisposable
{
    /// <summary>What the conversion tells; null when nothing is shown.</summary>
    public abstract IContentObserver? Observer { get; }

    /// <summary>Bars on a terminal that is wide enough, lines elsewhere, nothing when only warnings are wanted.</summary>
    /// <param name="level">What is wanted on stderr.</param>
    /// <param name="perFile">Elsewhere than on a terminal, write a line for each content that is done.</param>
    public static ProgressDisplay Create(LogLevel level, bool perFile = true)
    {
        if (level < LogLevel.Info)
            return new NoProgress();
        if (Console.IsErrorRedirected)
            return Lines(perFile);
        IAnsiConsole console = Terminal.OfError();
        return console.Profile.Capabilities.Interactive && !Terminal.IsNarrow ? new ProgressBars(console) : Lines(perFile);
    }

    private static ProgressDisplay Lines(bool perFile) => perFile ? new ProgressLines(Console.Error) : new NoProgress();

    public abstract ValueTask DisposeAsync();
}
