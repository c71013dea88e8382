using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Archives;

/// <summary>Something that a descriptor in an index can name, as far as the archive holds it.</summary>
internal abstract class ArchiveNode
{
    /// <summary>The descriptor that led here; null for an image that only <c>manifest.json</c> knows.</summary>
    public Descriptor? Descriptor { get; init; }

    /// <summary>The place of the document, for messages.</summary>
    public required string Where { get; init; }

    /// <summary>What is wrong with this very document or its content.</summary>
    public List<Fault> Faults { get; } = [];
}
