namespace Ipdr.Interop.Tests.Programs;

/// <summary>One image of it.</summary>
internal sealed record CopyReportImage(string Reference, ReportedDescriptor Manifest, IReadOnlyList<string> ImageIds);
