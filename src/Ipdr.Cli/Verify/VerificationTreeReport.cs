using System.Text.RegularExpressions;
using Ipdr.Cli.Output;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Verification;
using Spectre.Console;

namespace Ipdr.Cli.Verify;

/// <summary>For people: a tree of what was checked with marks, the findings where they belong, and a summary line.</summary>
internal sealed partial class VerificationTreeReport(IAnsiConsole console) : IVerificationReport
{
    // Of the same kind in one place; --json has all.
    private const int MaxShownOfOneCode = 5;

    // Twelve digits tell blobs apart on a screen.
    private const int ShownDigits = 12;

    public void Write(IReadOnlyList<VerificationReport> reports, bool strict)
    {
        foreach (VerificationReport report in reports)
        {
            Tree tree = new(Label(report.Root)) { Style = Style.Parse("grey") };
            AddFindings(tree, report.Root);
            foreach (CheckedItem child in report.Root.Children)
                Add(tree, child);
            console.Write(tree);
            foreach (RepairedContent content in report.Repaired)
                console.MarkupLine($"[green]repaired[/] {Escape(ShortenDigests(content.Path))} from {Escape(content.From)}");
            foreach (string line in (report.SignedImages ?? []).SelectMany(SignatureText.LinesOf))
                console.MarkupLine(Escape(ShortenDigests(line)));
            console.MarkupLine($"{(report.IsSound(strict) ? "[green]✔[/]" : "[red]✘[/]")} {Escape(SummaryLine.Of(report, strict))}");
        }
    }

    private static void Add(IHasTreeNodes parent, CheckedItem item)
    {
        TreeNode node = parent.AddNode(Label(item));
        AddFindings(node, item);
        foreach (CheckedItem child in item.Children)
            Add(node, child);
    }

    private static void AddFindings(IHasTreeNodes node, CheckedItem item)
    {
        foreach (IGrouping<string, Finding> group in item.Findings.GroupBy(finding => finding.Fault.CodeText))
        {
            foreach (Finding finding in group.Take(MaxShownOfOneCode))
                node.AddNode(Describe(finding));
            if (group.Count() > MaxShownOfOneCode)
                node.AddNode($"[{Color(group.First().Severity)}]… and {group.Count() - MaxShownOfOneCode} more of {group.Key}[/]");
        }
    }

    private static Markup Describe(Finding finding)
    {
        string text = $"[{Color(finding.Severity)}]{SeverityText.Of(finding.Severity)}[/] {Escape(ShortenDigests(finding.Fault.ToString()))} [grey]{finding.Fault.CodeText}[/]";
        return new Markup(finding.Severity == Severity.Error ? $"{text}\n[grey]{Escape(finding.Fault.Remedy)}[/]" : text);
    }

    private static Markup Label(CheckedItem item)
    {
        string kind = item.Kind is CheckedKind.Target or CheckedKind.View ? "" : item.Kind.ToString().ToLowerInvariant() + " ";
        string size = item.Size is { } bytes ? $"  [grey]{ByteSize.Text(bytes)}[/]" : "";
        string detail = item.Detail.Length > 0 ? $"  {Escape(item.Detail)}" : "";
        return new Markup($"{Mark(item.Worst())} {kind}{Escape(item.Kind == CheckedKind.Target ? item.Name : ShortenDigests(item.Name))}{detail}{size}");
    }

    private static string ShortenDigests(string text) => Hexadecimal.Replace(text, match => match.Value[..ShownDigits] + "…");

    [GeneratedRegex("[0-9a-f]{64,128}")]
    private static partial Regex Hexadecimal { get; }

    private static string Mark(Severity? worst) => worst switch
    {
        Severity.Error => "[red]✘[/]",
        Severity.Warning => "[yellow]![/]",
        Severity.Note => "[blue]i[/]",
        _ => "[green]✔[/]",
    };

    private static string Color(Severity severity) => severity switch
    {
        Severity.Error => "red",
        Severity.Warning => "yellow",
        _ => "blue",
    };

    private static string Escape(string text) => Markup.Escape(Printable.Of(text));
}
