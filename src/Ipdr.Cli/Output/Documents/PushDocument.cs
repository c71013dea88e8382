namespace Ipdr.Cli.Output.Documents;

/// <summary>What <c>ipdr push --json</c> prints. Members are only ever added.</summary>
internal sealed record PushDocument(
    string Cid, string? LegacyName, string Name, string Digest, IReadOnlyList<string> ImageIds, IReadOnlyList<CopiedReferrerDocument> Referrers, IReadOnlyList<DeliveryDocument> Destinations, IReadOnlyList<FaultDocument> Warnings);
