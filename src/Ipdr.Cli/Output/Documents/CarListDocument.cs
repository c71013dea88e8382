namespace Ipdr.Cli.Output.Documents;

/// <summary>What <c>ipdr car ls --json</c> prints. Members are only ever added.</summary>
internal sealed record CarListDocument(int Version, string Root, IReadOnlyList<CarEntryDocument> Entries);
