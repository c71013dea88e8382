namespace Ipdr.Cli.Output.Documents;

/// <summary>What <c>ipdr cid --json</c> prints. Members are only ever added.</summary>
internal sealed record CidDocument(IReadOnlyList<CidEntryDocument> Entries, ProfileDocument Profile, SelectionDocument Selection);
