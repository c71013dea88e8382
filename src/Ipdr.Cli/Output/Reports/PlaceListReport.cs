using System.Text.Json;
using Ipdr.Cli.Output.Documents;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Output.Reports;

/// <summary>Says what is in a place, by name.</summary>
internal sealed class PlaceListReport(TextWriter output)
{
    /// <summary>A name a line, as soon as it is known; the digest where there is no name.</summary>
    public async Task WriteNamesAsync(IAsyncEnumerable<ListedImage> images)
    {
        await foreach (ListedImage image in images.ConfigureAwait(false))
            await output.WriteLineAsync(Printable.Of(image.Name ?? $"{image.Digest}")).ConfigureAwait(false);
    }

    public async Task WriteJsonAsync(ImagePlace place, IAsyncEnumerable<ListedImage> images)
    {
        List<ListedImageDocument> documents = [];
        await foreach (ListedImage image in images.ConfigureAwait(false))
            documents.Add(new ListedImageDocument(image.Name, image.Digest?.ToString()));
        await output.WriteLineAsync(JsonSerializer.Serialize(new PlaceListDocument(place.ToString(), documents), ReportJson.Readable.PlaceListDocument)).ConfigureAwait(false);
    }
}
