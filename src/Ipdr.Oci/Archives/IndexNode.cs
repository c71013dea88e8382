using Ipdr.Oci.Images;

namespace Ipdr.Oci.Archives;

/// <summary>An image index with those of its manifests that are in the archive and wanted.</summary>
internal sealed class IndexNode : ArchiveNode
{
    public required ImageIndex Index { get; init; }

    public required ReadOnlyMemory<byte> IndexBytes { get; init; }

    /// <summary>The index's descriptors in their order, each with what it names; null where the document is not in the archive.</summary>
    public required IReadOnlyList<(Descriptor Descriptor, ArchiveNode? Node)> Children { get; init; }
}
