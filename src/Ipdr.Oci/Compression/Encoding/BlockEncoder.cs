namespace Ipdr.Oci.Compression.Encoding;

/// <summary>Compresses blocks one by one. Output depends on the block alone, not on what was compressed before. For one thread at a time.</summary>
internal abstract class BlockEncoder : IDisposable
{
    /// <summary>Compresses a block of 1 byte to the engine's block size.</summary>
    /// <param name="block">The plain bytes.</param>
    /// <param name="destination">At least the engine's bound for the block's length.</param>
    /// <returns>The length of the compressed form.</returns>
    public abstract int Encode(ReadOnlySpan<byte> block, Memory<byte> destination);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
