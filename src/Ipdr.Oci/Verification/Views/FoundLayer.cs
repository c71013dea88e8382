using Ipdr.Oci.Digests;
using Ipdr.Oci.Verification.Documents;
using Ipdr.Oci.Verification.Files;

namespace Ipdr.Oci.Verification.Views;

/// <summary>A layer of an image as a view describes it.</summary>
/// <param name="Item">The part of the report.</param>
/// <param name="File">Its content; null when it is not there.</param>
/// <param name="Descriptor">What is promised of it; null in <c>manifest.json</c>, which promises nothing.</param>
internal sealed record FoundLayer(CheckedItem Item, TargetFile? File, FoundDescriptor? Descriptor)
{
    /// <summary>The digest that names the content; null where it is found by a name that promises nothing.</summary>
    public Digest? Digest { get; init; } = Descriptor?.Digest;

    /// <summary>Is it a file system, to be held against a DiffId?</summary>
    public bool IsFileSystem => Descriptor is null || Descriptor.MediaType is { IsLayer: true };
}
