namespace Ipdr.Cli.Output.Documents;

/// <summary>What <c>ipdr copy --json</c> prints; sizes in bytes. Members are only ever added.</summary>
internal sealed record CopyDocument(
    IReadOnlyList<CopiedImageDocument> Images, int CopiedBlobs, long CopiedBytes, int SkippedBlobs, long SkippedBytes, IReadOnlyList<FaultDocument> Warnings, IReadOnlyList<FailedImageDocument> Failed);
