namespace Ipdr.Interop.Tests.Programs;

/// <summary>Something odd about an archive that did not keep it from being converted.</summary>
internal sealed record ReportedWarning(string Code, string Where, string Message);
