using System.Text.Json;
using Ipdr.Cli.Output.Documents;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Output.Reports;

/// <summary>Says what was pulled.</summary>
internal sealed class PullReport(TextWriter output)
{
    public void WriteText(PullResult result, IReadOnlyList<SourceReport> sources)
    {
        output.WriteLine(Printable.Of(result.Reference));
        Write("CID", result.Root.ToString());
        Write("digest", result.Manifest.ToString());
        foreach (Oci.Digests.Digest id in result.ImageIds)
            Write("image ID", id.ToString());
        foreach (SourceReferrer referrer in result.Referrers)
            Write("referrer", ReferrerText.Of(referrer));
        foreach (SourceReport source in sources)
            Write("from", $"{source.Name}  {ByteSize.Text(source.Bytes)} in {Counted.Of(source.Blocks, "block")}{(source.Dropped is null ? "" : ", then left out")}");
        if (result.FetchedBytes == 0)
            Write("from", "the store");
        if (result.ResumedBytes > 0)
            Write("resumed", $"{ByteSize.Text(result.ResumedBytes)} were here from a former try");
        if (result.Stored is { } stored)
            Write("store", stored.ToString());
    }

    public void WriteReference(PullResult result) => output.WriteLine(result.Reference);

    public void WriteJson(PullResult result, IReadOnlyList<SourceReport> sources) => output.WriteLine(JsonSerializer.Serialize(
        new PullDocument(
            result.Reference, result.Root.ToString(), result.Stored?.ToString(), result.Destination, result.Manifest.ToString(),
            [.. result.ImageIds.Select(id => id.ToString())], [.. result.Referrers.Select(CopiedReferrerDocument.Of)], result.FetchedBytes, result.ResumedBytes,
            [.. sources.Select(source => new SourceDocument(source.Name, source.Blocks, source.Bytes, source.Dropped is { } reason ? FaultDocument.Of(reason) : null))],
            [.. result.Warnings.Select(FaultDocument.Of)]),
        ReportJson.Readable.PullDocument));

    private void Write(string what, string value) => output.WriteLine(Printable.Of($"  {what,-9} {value}"));
}
