namespace Ipdr.Interop.Tests.Programs;

/// <summary>What <c>ipdr convert --json</c> prints.</summary>
internal sealed record ConversionReport(
    IReadOnlyList<ConvertedImage> Images, string Layout, string Output, string? Cid, IReadOnlyList<ReportedWarning> Warnings);
