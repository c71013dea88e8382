using Ipdr.Oci.Car;

namespace Ipdr.Cli.Output.Documents;

/// <summary>What <c>ipdr car verify --json</c> prints. Members are only ever added.</summary>
internal sealed record CarReportDocument(
    bool Sound,
    int? Version,
    IReadOnlyList<string> Roots,
    long Blocks,
    long BlockBytes,
    long RepeatedBlocks,
    long OpaqueBlocks,
    long Entries,
    long FileBytes,
    IReadOnlyList<FaultDocument> Faults)
{
    public static CarReportDocument Of(CarReport report) => new(
        report.Faults.Count == 0,
        (int?)report.Header?.Version,
        [.. (report.Header?.Roots ?? []).Select(root => root.ToString())],
        report.Blocks,
        report.BlockBytes,
        report.RepeatedBlocks,
        report.OpaqueBlocks,
        report.Entries,
        report.FileBytes,
        [.. report.Faults.Select(FaultDocument.Of)]);
}
