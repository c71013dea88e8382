using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Layouts;

/// <summary>The bytes of a blob before it is in its place: a file on the layout's volume, or a small document in memory.</summary>
internal abstract record BlobContent
{
    private BlobContent()
    {
    }

    /// <summary>A staged file; placing the blob moves it.</summary>
    public sealed record InFile(StagedFile File) : BlobContent;

    /// <summary>A document.</summary>
    public sealed record InMemory(ReadOnlyMemory<byte> Bytes) : BlobContent;
}
