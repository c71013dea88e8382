namespace Ipdr.Cli.Output.Documents;

/// <summary>An image in a JSON result.</summary>
internal sealed record ImageDocument(
    IReadOnlyList<string> Names,
    string ImageId,
    string Platform,
    BlobDocument Manifest,
    BlobDocument Config,
    IReadOnlyList<LayerDocument> Layers);
