using Ipdr.Cli.Output.Documents;

namespace Ipdr.Cli.Inspect;

/// <summary>What <c>ipdr inspect --json</c> prints. Members are only ever added.</summary>
internal sealed record InspectionDocument(IReadOnlyList<InspectedImageDocument> Images, IReadOnlyList<FaultDocument> Warnings);
