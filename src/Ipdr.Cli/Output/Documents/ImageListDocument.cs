namespace Ipdr.Cli.Output.Documents;

/// <summary>What <c>ipdr list --json</c> prints. Members are only ever added.</summary>
internal sealed record ImageListDocument(IReadOnlyList<StoredImageDocument> Images);
