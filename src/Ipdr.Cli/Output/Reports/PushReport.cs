using System.Text.Json;
using Ipdr.Cli.Output.Documents;
using Ipdr.Oci.Destinations.Dags;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Output.Reports;

/// <summary>Says what was pushed.</summary>
internal sealed class PushReport(TextWriter output)
{
    public void WriteText(PushResult result)
    {
        output.WriteLine($"/ipfs/{result.Root}");
        Write("name", result.Reference.ToString());
        if (LegacyImageName.TryCreate(result.Root, out string? legacy))
            Write("legacy", legacy);
        Write("digest", result.Manifest.ToString());
        foreach (Oci.Digests.Digest id in result.ImageIds)
            Write("image ID", id.ToString());
        foreach (SourceReferrer referrer in result.Referrers)
            Write("referrer", ReferrerText.Of(referrer));
        foreach (DagDelivered delivered in result.Delivered.Where(delivered => delivered.Failure is null))
            Write("sent to", $"{delivered.Destination}  {(delivered.Blocks == 0 ? "nothing was missing there" : $"{ByteSize.Text(delivered.Bytes)} in {Counted.Of(delivered.Blocks, "block")}")}");
        output.WriteLine($"pull it with: ipdr pull {result.Root}");
    }

    public void WriteCid(PushResult result) => output.WriteLine(result.Root);

    public void WriteJson(PushResult result) => output.WriteLine(JsonSerializer.Serialize(
        new PushDocument(
            result.Root.ToString(),
            LegacyImageName.TryCreate(result.Root, out string? legacy) ? legacy : null,
            result.Reference.ToString(),
            result.Manifest.ToString(),
            [.. result.ImageIds.Select(id => id.ToString())], [.. result.Referrers.Select(CopiedReferrerDocument.Of)],
            [.. result.Delivered.Select(delivered => new DeliveryDocument(delivered.Destination, delivered.Blocks, delivered.Bytes, delivered.Failure is { } failure ? FaultDocument.Of(failure.Fault) : null))],
            [.. result.Warnings.Select(FaultDocument.Of)]),
        ReportJson.Readable.PushDocument));

    private void Write(string what, string value) => output.WriteLine(Printable.Of($"  {what,-9} {value}"));
}
