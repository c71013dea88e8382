using System.Buffers;

namespace Ipdr.Oci.Compression.Encoding;

/// <summary>The place of one block under way: its plain bytes, its compressed bytes, and who still needs it.</summary>
internal sealed class BlockSlot : IDisposable
{
    private readonly int _blockSize;
    private readonly byte[] _plain;
    private readonly byte[] _encoded;
    private TaskCompletionSource _isEncoded = new();
    private int _length;
    private int _encodedLength;
    private int _users;

    public BlockSlot(CompressionEngine engine)
    {
        _blockSize = engine.BlockSize;
        _plain = ArrayPool<byte>.Shared.Rent(_blockSize);
        _encoded = ArrayPool<byte>.Shared.Rent(engine.MaxEncodedLength(_blockSize));
    }

    /// <summary>Room for a whole block.</summary>
    public Memory<byte> Room => _plain.AsMemory(0, _blockSize);

    /// <summary>The plain bytes.</summary>
    public ReadOnlyMemory<byte> Plain => _plain.AsMemory(0, _length);

    /// <summary>The compressed bytes, once <see cref="WhenEncoded"/> has completed.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded.AsMemory(0, _encodedLength);

    /// <summary>Completes when the block is compressed; the compressing itself never fails it, but ends the run.</summary>
    public Task WhenEncoded => _isEncoded.Task;

    /// <summary>What a slot holds, in bytes, for blocks of this engine.</summary>
    public static long LengthFor(CompressionEngine engine) => (long)engine.BlockSize + engine.MaxEncodedLength(engine.BlockSize);

    /// <summary>The room was filled up to <paramref name="length"/>; from now on <paramref name="users"/> parties need the slot.</summary>
    public void Begin(int length, int users)
    {
        _length = length;
        _users = users;
        _isEncoded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Encode(BlockEncoder encoder)
    {
        _encodedLength = encoder.Encode(Plain.Span, _encoded);
        _isEncoded.SetResult();
    }

    /// <summary>One party is done with the slot; true for the last one.</summary>
    public bool Leave() => Interlocked.Decrement(ref _users) == 0;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_plain);
        ArrayPool<byte>.Shared.Return(_encoded);
    }
}
