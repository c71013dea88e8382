using System.Text.Json;
using Ipdr.Cli.Output.Documents;
using Ipdr.Oci.Car;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Cli.Output.Reports;

/// <summary>Puts what is found in CARs on stdout, for people or as one JSON document.</summary>
internal sealed class CarReporting(TextWriter output, bool json)
{
    // The digits of a terabyte: sizes stand in a column.
    private const int SizeWidth = 13;

    public async Task ListAsync(CarHeader header, ContentPath root, IAsyncEnumerable<UnixFsEntry> entries)
    {
        List<CarEntryDocument> documents = [];
        await foreach (UnixFsEntry entry in entries.ConfigureAwait(false))
        {
            if (json)
                documents.Add(CarEntryDocument.Of(entry));
            else
                await output.WriteLineAsync(Printable.Of($"{entry.Cid}  {Size(entry),SizeWidth}  {Name(entry)}")).ConfigureAwait(false);
        }
        if (json)
            output.WriteLine(JsonSerializer.Serialize(new CarListDocument((int)header.Version, root.ToString(), documents), ReportJson.Readable.CarListDocument));
    }

    public void Verified(string name, CarReport report)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(CarReportDocument.Of(report), ReportJson.Readable.CarReportDocument));
            return;
        }
        foreach (Fault fault in report.Faults)
            output.WriteLine(Printable.Of($"{fault.Within(name)} [{fault.CodeText}]"));
        foreach (Cid root in report.Header?.Roots ?? [])
            output.WriteLine($"root {root}");
        string counts = $"{Counted.Of(report.Blocks, "block")}, {Counted.Of(report.BlockBytes, "byte")}";
        output.WriteLine(Printable.Of(report.Faults.Count > 0
            ? $"{name}: {Counted.Of(report.Faults.Count, "fault")} in {counts}"
            : $"{name}: sound, version {(int)report.Header!.Version}, {counts}, {Entries(report.Entries)}"));
    }

    public void Unpacked(TreeSummary summary, string destination)
    {
        if (json)
            output.WriteLine(JsonSerializer.Serialize(new UnpackDocument(summary.Root.ToString(), destination, summary.Entries, summary.Bytes), ReportJson.Readable.UnpackDocument));
        else
            output.WriteLine(Printable.Of($"{summary.Root}  written to {destination}: {Entries(summary.Entries)}, {Counted.Of(summary.Bytes, "byte")}"));
    }

    private static string Size(UnixFsEntry entry) => entry.Kind == DagEntryKind.File ? entry.Size.ToString(System.Globalization.CultureInfo.InvariantCulture) : "-";

    private static string Name(UnixFsEntry entry)
    {
        string path = entry.Path.Length == 0 ? "." : entry.Path;
        return entry.Kind switch
        {
            DagEntryKind.Directory => path + "/",
            DagEntryKind.Symlink => $"{path} -> {entry.LinkTarget}",
            _ => path,
        };
    }

    private static string Entries(long count) => count == 1 ? "1 entry" : $"{count} entries";
}
