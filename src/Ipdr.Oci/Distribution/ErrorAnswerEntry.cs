namespace Ipdr.Oci.Distribution;

/// <summary>One reason.</summary>
internal sealed record ErrorAnswerEntry(string? Code = null, string? Message = null);
