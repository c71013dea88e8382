namespace Ipdr.Cli.Output.Documents;

/// <summary>What became of a push at one destination; the failure is null where it is there.</summary>
internal sealed record DeliveryDocument(string Destination, long Blocks, long Bytes, FaultDocument? Failure);
