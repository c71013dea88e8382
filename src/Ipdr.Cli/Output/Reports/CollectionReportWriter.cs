using System.Text.Json;
using Ipdr.Cli.Output.Documents;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Store;

namespace Ipdr.Cli.Output.Reports;

/// <summary>Says what a collection removed.</summary>
internal sealed class CollectionReportWriter(TextWriter output)
{
    public void WriteText(CollectionReport report, bool dryRun)
    {
        foreach (string line in report.Manifests.Select(digest => $"manifest {digest}").Concat(report.Blobs.Select(digest => $"blob     {digest}")))
            output.WriteLine(line);
        string verb = dryRun ? "would remove" : "removed";
        output.WriteLine(
            $"{verb} {Counted.Of(report.Manifests.Count, "manifest")}, {Counted.Of(report.Blobs.Count, "blob")}, {Counted.Of(report.Uploads, "upload")}, {Counted.Of(report.Strays, "stray file")}, {Counted.Of(report.CachedBlocks, "cached block")}: {ByteSize.Text(report.Bytes)}");
    }

    public void WriteDigests(CollectionReport report)
    {
        foreach (var digest in report.Manifests.Concat(report.Blobs))
            output.WriteLine(digest);
    }

    public void WriteJson(CollectionReport report, bool dryRun) => output.WriteLine(JsonSerializer.Serialize(
        new CollectionDocument(
            dryRun, [.. report.Manifests.Select(digest => digest.ToString())], [.. report.Blobs.Select(digest => digest.ToString())], report.Uploads, report.Strays, report.Bytes, report.CachedBlocks),
        ReportJson.Readable.CollectionDocument));
}
