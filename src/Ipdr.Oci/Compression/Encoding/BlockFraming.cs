namespace Ipdr.Oci.Compression.Encoding;

/// <summary>What stands before and behind the blocks of one stream: nothing, unless a format says otherwise.</summary>
internal class BlockFraming
{
    /// <summary>What stands before the first block.</summary>
    public virtual ReadOnlyMemory<byte> Header => default;

    /// <summary>Takes note of the plain blocks, in order.</summary>
    public virtual void Append(ReadOnlySpan<byte> block)
    {
    }

    /// <summary>What stands behind the last block, after all were appended.</summary>
    public virtual ReadOnlyMemory<byte> Finish() => default;
}
