using Ipdr.Cli.Commands;
using Ipdr.Cli.Output.Reports;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Output;

/// <summary>Says on stderr what went wrong: what, where, and what to do.</summary>
internal sealed class ErrorReport(TextWriter error, LogLevel level)
{
    // A message that fills screens hides its beginning; the codes of all faults are still counted.
    private const int MaxFaults = 100;

    public void Failed(IpdrException exception)
    {
        IReadOnlyList<Fault> faults = exception.Faults;
        if (faults.Count > 1)
            error.WriteLine($"ipdr: {faults.Count} things are wrong:");
        foreach (Fault fault in faults.Take(MaxFaults))
            Write(faults.Count > 1 ? "  - " : "ipdr: ", fault);
        if (faults.Count > MaxFaults)
            error.WriteLine($"  … and {faults.Count - MaxFaults} more");
        foreach (string remedy in faults.Select(fault => fault.Remedy).Where(remedy => remedy.Length > 0).Distinct().Take(3))
            error.WriteLine(Printable.Of($"  {remedy}"));
        Trace(exception);
    }

    public void Warn(IEnumerable<Fault> warnings)
    {
        if (level < LogLevel.Warning)
            return;
        foreach (Fault warning in warnings)
            Write("ipdr: warning: ", warning);
    }

    /// <summary>Some of many images were not copied: which, why, and how many.</summary>
    /// <param name="failures">Those that were not.</param>
    /// <param name="copied">The number of those that were.</param>
    public void NotCopied(IReadOnlyList<FailedImage> failures, int copied)
    {
        if (failures.Count == 0)
            return;
        foreach (FailedImage failure in failures.Where(failure => failure.WasTried))
        {
            foreach (Fault fault in failure.Faults)
                Write(fault.Where.StartsWith(failure.Image, StringComparison.Ordinal) ? "ipdr: not copied: " : $"ipdr: not copied: {Printable.Of(failure.Image)}: ", fault);
        }
        // A thousand times the same reason says no more than once.
        foreach (IGrouping<string, FailedImage> left in failures.Where(failure => !failure.WasTried).GroupBy(failure => failure.Faults[0].ToString()))
            Write($"ipdr: not tried: {Counted.Of(left.Count(), "image")} after that: ", left.First().Faults[0]);
        foreach (string remedy in failures.SelectMany(failure => failure.Faults).Select(fault => fault.Remedy).Where(remedy => remedy.Length > 0).Distinct().Take(3))
            error.WriteLine(Printable.Of($"  {remedy}"));
        error.WriteLine($"ipdr: {copied} of {Counted.Of(copied + failures.Count, "image")} copied; the next run goes on from that");
    }

    /// <summary>The command line could not be read, or makes no sense.</summary>
    /// <param name="error">Where to.</param>
    /// <param name="sentences">All that is wrong with it.</param>
    /// <param name="command">The command whose help tells more.</param>
    public static void Usage(TextWriter error, IEnumerable<string> sentences, string command)
    {
        foreach (string sentence in sentences)
            error.WriteLine(Printable.Of($"{command}: {sentence}"));
        error.WriteLine($"  See {command} --help.");
    }

    public void Interrupted() => error.WriteLine("ipdr: interrupted; nothing half-done is visible");

    public void Unexpected(Exception exception)
    {
        error.WriteLine(Printable.Of($"ipdr: unexpected failure: {exception.Message}"));
        error.WriteLine("  Run it again with --log-level debug and report what it prints.");
        Trace(exception);
    }

    private void Write(string lead, Fault fault) => error.WriteLine(lead + Printable.Of($"{fault} [{fault.CodeText}]"));

    private void Trace(Exception exception)
    {
        if (level == LogLevel.Debug)
            error.WriteLine(exception);
    }
}
