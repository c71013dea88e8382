namespace Ipdr.Oci.Verification.Documents;

/// <summary>As much of an image index as could be read.</summary>
/// <param name="Manifests">Its entries in order; those that are no descriptors are left out.</param>
/// <param name="Subject">What the index speaks of.</param>
internal sealed record FoundIndex(IReadOnlyList<FoundDescriptor> Manifests, FoundDescriptor? Subject)
{
    /// <summary>The index is the list of referrers of what this tag names; null for any other index.</summary>
    public string? ReferrersTag { get; init; }
}
