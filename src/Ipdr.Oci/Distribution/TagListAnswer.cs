namespace Ipdr.Oci.Distribution;

/// <summary>A page of a repository's tags (distribution-spec, "Listing Tags").</summary>
internal sealed record TagListAnswer(IReadOnlyList<string>? Tags = null);
