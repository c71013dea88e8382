using System.Text.Json;
using Ipdr.Cli.Output.Documents;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Store;

namespace Ipdr.Cli.Output.Reports;

/// <summary>Says what is in the store.</summary>
internal sealed class ImageListReport(TextWriter output)
{
    private const string None = "<none>";

    public void WriteTable(IReadOnlyList<StoredImage> images)
    {
        string[][] rows = [["REPOSITORY", "TAG", "DIGEST", "PLATFORM", "SIZE", "CID"], .. images.Select(Row)];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    public void WriteNames(IReadOnlyList<StoredImage> images)
    {
        foreach (StoredImage image in images)
            output.WriteLine(image.Tag is { } tag ? $"{image.Repository}:{tag}" : $"{image.Repository}@{image.Digest}");
    }

    public void WriteJson(IReadOnlyList<StoredImage> images) =>
        output.WriteLine(JsonSerializer.Serialize(new ImageListDocument([.. images.Select(Document)]), ReportJson.Readable.ImageListDocument));

    private static string[] Row(StoredImage image) =>
    [
        image.Repository.ToString(),
        image.Tag?.ToString() ?? None,
        image.Digest.ToString(),
        image.Platform is { } platform ? Printable.Of(platform.ToString()) : (image.MediaType.IsIndex ? "index" : "-"),
        ByteSize.Text(image.Size),
        image.Cid?.ToString() ?? "-",
    ];

    private static StoredImageDocument Document(StoredImage image) => new(
        image.Repository.ToString(),
        image.Tag?.ToString(),
        image.Digest.ToString(),
        image.MediaType.ToString(),
        image.Size,
        image.ImageId?.ToString(),
        image.Platform?.ToString(),
        image.Updated,
        image.Cid?.ToString());
}
