using Ipdr.Oci.Staging;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Layouts;

/// <summary>The bytes of a blob before it is in its place: a file on the layout's volume, a small document in memory, or nothing but its names.</summary>
internal abstract record BlobContent
{
    private BlobContent()
    {
    }

    /// <summary>A staged file; placing the blob moves it.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Node">The file's DAG; null when no CID is wanted.</param>
    public sealed record InFile(StagedFile File, FileNode? Node) : BlobContent;

    /// <summary>A document.</summary>
    public sealed record InMemory(ReadOnlyMemory<byte> Bytes) : BlobContent;

    /// <summary>A blob that is where it belongs already.</summary>
    /// <param name="OpenRead">Opens it from its start.</param>
    public sealed record InPlace(Func<Stream> OpenRead) : BlobContent;

    /// <summary>A blob that stays what it is, and was left where it came from; nobody has looked at its bytes.</summary>
    public sealed record AtSource : BlobContent;

    /// <summary>Bytes that were not kept, in a dry run.</summary>
    /// <param name="Node">Their DAG; null when no CID is wanted.</param>
    public sealed record Discarded(FileNode? Node) : BlobContent;
}
