using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Store;

/// <summary>A block that lies in a blob.</summary>
/// <param name="Blob">The blob.</param>
/// <param name="Start">Where the slice begins, in bytes.</param>
/// <param name="Length">Bytes of the slice.</param>
/// <param name="Head">What the block has before the slice; null for nothing.</param>
/// <param name="Tail">What the block has after the slice; null for nothing.</param>
internal sealed record BlockPlace(Digest Blob, long Start, int Length, byte[]? Head = null, byte[]? Tail = null)
{
    /// <summary>Bytes of the block.</summary>
    public int BlockLength => (Head?.Length ?? 0) + Length + (Tail?.Length ?? 0);
}
