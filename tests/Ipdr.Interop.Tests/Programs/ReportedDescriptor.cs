namespace Ipdr.Interop.Tests.Programs;

/// <summary>A descriptor in the report of a conversion; <paramref name="DiffId"/> is there for layers only.</summary>
internal sealed record ReportedDescriptor(string MediaType, string Digest, long Size, string? DiffId);
