namespace Ipdr.Oci.UnixFs.Files;

/// <summary>The sizes of a node of a file, which follow from the file's length alone.</summary>
/// <param name="FileBytes">Bytes of the file's content at and below the node.</param>
/// <param name="BlockLength">Bytes of the node's block.</param>
/// <param name="CumulativeSize">Bytes of the blocks at and below the node, repeats counted: the Tsize of a link to it.</param>
internal readonly record struct NodeShape(long FileBytes, int BlockLength, long CumulativeSize);
