using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Layouts;

/// <summary>One entry of a layout's index: a manifest or index under one name, or under none.</summary>
/// <param name="Descriptor">Names the manifest; its annotations are the entry's own, without those that say the name.</param>
/// <param name="Name">The full reference, if there is one.</param>
/// <param name="Label">What the entry was called where it came from, if that is not a reference.</param>
internal sealed record LayoutRoot(Descriptor Descriptor, ImageReference? Name, string? Label)
{
    /// <summary>The digest that the manifest had before it was converted; null where it had none, or was not.</summary>
    public Digest? Original { get; init; }
}
