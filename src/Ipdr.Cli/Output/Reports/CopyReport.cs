using System.Text.Json;
using Ipdr.Cli.Output.Documents;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Output.Reports;

/// <summary>Says what was copied.</summary>
internal sealed class CopyReport(TextWriter output)
{
    public void WriteText(CopyResult result)
    {
        foreach (CopiedImage image in result.Images)
        {
            output.WriteLine(Printable.Of(image.Reference));
            output.WriteLine($"  {(image.Descriptor.MediaType.IsIndex ? "index" : "manifest"),-9} {image.Descriptor.Digest}");
            foreach (Oci.Digests.Digest id in image.ImageIds)
                output.WriteLine($"  image ID  {id}");
            foreach (SourceReferrer referrer in image.Referrers)
                output.WriteLine(Printable.Of($"  referrer  {ReferrerText.Of(referrer)}"));
        }
        string skipped = result.SkippedBlobs > 0 ? $"; {ByteSize.Text(result.SkippedBytes)} were there already" : "";
        output.WriteLine($"copied {ByteSize.Text(result.CopiedBytes)} in {Counted.Of(result.CopiedBlobs, "blob")}{skipped}");
    }

    public void WriteDigests(CopyResult result)
    {
        foreach (CopiedImage image in result.Images)
            output.WriteLine(image.Descriptor.Digest);
    }

    public void WriteJson(CopyResult result) => output.WriteLine(JsonSerializer.Serialize(
        new CopyDocument(
            [.. result.Images.Select(Document)], result.CopiedBlobs, result.CopiedBytes, result.SkippedBlobs, result.SkippedBytes,
            [.. result.Warnings.Select(FaultDocument.Of)],
            [.. result.Failures.Select(failure => new FailedImageDocument(failure.Image, failure.WasTried, [.. failure.Faults.Select(FaultDocument.Of)]))]),
        ReportJson.Readable.CopyDocument));

    private static CopiedImageDocument Document(CopiedImage image) => new(
        image.Reference,
        new BlobDocument(image.Descriptor.MediaType.ToString(), image.Descriptor.Digest.ToString(), image.Descriptor.Size),
        [.. image.ImageIds.Select(id => id.ToString())],
        image.Original.ToString(),
        [.. image.Referrers.Select(CopiedReferrerDocument.Of)]);
}
