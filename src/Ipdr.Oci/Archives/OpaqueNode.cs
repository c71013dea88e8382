namespace Ipdr.Oci.Archives;

/// <summary>Content of a type that is not known here; kept as it is.</summary>
internal sealed class OpaqueNode : ArchiveNode
{
    public required ContentReference Content { get; init; }
}
