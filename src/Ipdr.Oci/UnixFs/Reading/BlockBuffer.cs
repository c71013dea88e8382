using System.Buffers;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>A block's bytes in rented memory: exactly as many as were asked for.</summary>
internal sealed class BlockBuffer(int length) : IMemoryOwner<byte>
{
    private byte[]? _rented = ArrayPool<byte>.Shared.Rent(length);

    public Memory<byte> Memory => _rented is { } rented ? rented.AsMemory(0, length) : throw new ObjectDisposedException(nameof(BlockBuffer));

    public static BlockBuffer Of(ReadOnlySpan<byte> bytes)
    {
        BlockBuffer buffer = new(bytes.Length);
        bytes.CopyTo(buffer.Memory.Span);
        return buffer;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
    }
}
