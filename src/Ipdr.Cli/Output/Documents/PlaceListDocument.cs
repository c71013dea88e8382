namespace Ipdr.Cli.Output.Documents;

/// <summary>What <c>ipdr list PLACE --json</c> prints. Members are only ever added.</summary>
internal sealed record PlaceListDocument(string Place, IReadOnlyList<ListedImageDocument> Images);
