namespace Ipdr.Interop.Tests.Programs;

/// <summary>What <c>ipdr copy --json</c> prints.</summary>
internal sealed record CopyReport(IReadOnlyList<CopyReportImage> Images, long CopiedBytes, long SkippedBytes);
