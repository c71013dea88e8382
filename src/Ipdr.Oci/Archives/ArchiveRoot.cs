using Ipdr.Oci.Images;

namespace Ipdr.Oci.Archives;

/// <summary>One name of one thing in the archive; what has several names is several roots with the same node.</summary>
/// <param name="Node">What is named.</param>
/// <param name="Name">The full reference, when there is one.</param>
/// <param name="Label">The <c>ref.name</c> annotation as it was, when there was one.</param>
internal sealed record ArchiveRoot(ArchiveNode Node, ImageReference? Name, string? Label)
{
    /// <summary>All annotations of the entry in <c>index.json</c>.</summary>
    public Annotations? Annotations { get; init; }

    public Platform? Platform { get; init; }
}
