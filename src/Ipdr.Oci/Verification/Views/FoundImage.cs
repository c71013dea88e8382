using Ipdr.Oci.Digests;
using Ipdr.Oci.Verification.Documents;

namespace Ipdr.Oci.Verification.Views;

/// <summary>An image as a view describes it.</summary>
/// <param name="Item">The part of the report.</param>
/// <param name="Where">The place of its description.</param>
internal sealed record FoundImage(CheckedItem Item, Place Where)
{
    /// <summary>The digest of its manifest; null in <c>manifest.json</c>, which knows none.</summary>
    public Digest? Manifest { get; init; }

    /// <summary>The SHA-256 of its config; null when that cannot be read.</summary>
    public Digest? ImageId { get; init; }

    /// <summary>Its config; null when that cannot be read.</summary>
    public FoundConfig? Config { get; init; }

    public IReadOnlyList<FoundLayer> Layers { get; init; } = [];

    /// <summary>The full references under which it is found.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>The only thing that its entry in <c>index.json</c> leads to, and not one of several platforms.</summary>
    public bool IsAlone { get; set; }
}
