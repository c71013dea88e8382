namespace Ipdr.Oci.Distribution;

/// <summary>A page of a repository's tags (distribution-spec, "Listing Tags"), or of a registry's repositories.</summary>
internal sealed record NameListAnswer(IReadOnlyList<string>? Tags = null, IReadOnlyList<string>? Repositories = null);
