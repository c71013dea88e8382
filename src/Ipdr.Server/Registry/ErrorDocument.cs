namespace Ipdr.Server.Registry;

/// <summary>The body of a refusal (distribution-spec, "Error Codes").</summary>
internal sealed record ErrorDocument(IReadOnlyList<ErrorEntry> Errors);
