using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ipdr.Oci.Digests.Hashing;

/// <summary>BLAKE3 hashing, unkeyed, 32 bytes of output, in pieces of any length. Not safe for several threads.</summary>
/// <remarks>
/// The tree grows like a binary counter: level <c>n</c> holds the value of a finished subtree of 2ⁿ chunks exactly when bit <c>n</c> of
/// the number of hashed chunks is set. The last piece of up to 16 chunks is kept back, since its last chunk may end the content and a
/// tree's last chunk is hashed differently. So memory is bounded: 16 KiB of content and 54 values, whatever the length.
/// </remarks>
internal sealed class Blake3
{
    /// <summary>Bytes of the hash.</summary>
    public const int HashLength = Blake3Constants.HashLength;

    // The widest kernel is always busy, however small the pieces are.
    private const int BufferLength = Blake3Kernels.MaxLanes * Blake3Constants.ChunkLength;

    // 128 KiB: the narrow levels at the top of each batch are then below a tenth of the work, and its values fit on the stack.
    private const int MaxBatchChunks = 128;

    private readonly Blake3Kernel _kernel;
    private readonly int _lanes;
    private readonly byte[] _levels = new byte[Blake3Constants.MaxDepth * HashLength];
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferLength);
    private int _buffered;
    private ulong _chunks;

    /// <summary>Hashes by the fastest kernel of this processor.</summary>
    public Blake3()
        : this(Blake3Kernels.Best)
    {
    }

    /// <summary>Hashes by one kernel.</summary>
    /// <exception cref="PlatformNotSupportedException">The processor does not have it.</exception>
    public Blake3(Blake3Kernel kernel)
    {
        if (!Blake3Kernels.IsSupported(kernel))
            throw new PlatformNotSupportedException($"this processor cannot run the kernel {kernel}");
        _kernel = kernel;
        _lanes = Blake3Kernels.LanesOf(kernel);
    }

    /// <summary>Takes the next piece.</summary>
    public void Append(ReadOnlySpan<byte> content)
    {
        if (_buffered > 0)
        {
            int taken = Math.Min(content.Length, BufferLength - _buffered);
            content[..taken].CopyTo(_buffer.AsSpan(_buffered));
            _buffered += taken;
            content = content[taken..];
            if (content.IsEmpty)
                return;
            AddChunks(_buffer, Blake3Kernels.MaxLanes);
            _buffered = 0;
        }
        while (content.Length > BufferLength)
        {
            int batch = Math.Min((content.Length - 1) / BufferLength * Blake3Kernels.MaxLanes, MaxBatchChunks);
            AddChunks(content, batch);
            content = content[(batch * Blake3Constants.ChunkLength)..];
        }
        content.CopyTo(_buffer);
        _buffered = content.Length;
    }

    /// <summary>Writes the hash of all pieces; afterwards the object is as new.</summary>
    /// <param name="hash">Room for 32 bytes.</param>
    public void FinishAndReset(Span<byte> hash)
    {
        int whole = Math.Max(0, _buffered - 1) / Blake3Constants.ChunkLength;
        if (whole > 0)
            AddChunks(_buffer, whole);

        Span<byte> pair = stackalloc byte[2 * HashLength];
        Span<byte> right = pair[HashLength..];
        Blake3Tail.HashChunk(_buffer.AsSpan((whole * Blake3Constants.ChunkLength).._buffered), _chunks, isRoot: _chunks == 0, right);
        for (ulong subtrees = _chunks; subtrees != 0; subtrees &= subtrees - 1)
        {
            LevelValue(BitOperations.TrailingZeroCount(subtrees)).CopyTo(pair);
            Blake3Tail.HashParent(pair, isRoot: BitOperations.IsPow2(subtrees), right);
        }
        right.CopyTo(hash);
        _buffered = 0;
        _chunks = 0;
    }

    // The space behind the chunks, up to a multiple of the lanes, is hashed along and ignored.
    [SkipLocalsInit]
    private void AddChunks(ReadOnlySpan<byte> content, int chunks)
    {
        Span<byte> values = stackalloc byte[HashLength + MaxBatchChunks * HashLength];
        Blake3Kernels.HashChunks(_kernel, content[..(RoundUp(chunks) * Blake3Constants.ChunkLength)], _chunks, values[HashLength..]);
        AddValues(values, chunks);
        _chunks += (ulong)chunks;
    }

    // The first place in values is free: a finished left neighbour goes there.
    private void AddValues(Span<byte> values, int count)
    {
        ulong first = _chunks;
        for (int level = 0; count > 0; level++, first >>= 1)
        {
            Span<byte> waiting = LevelValue(level);
            Span<byte> row = values[HashLength..];
            if ((first & 1) != 0)
            {
                waiting.CopyTo(values);
                row = values;
                count++;
            }
            if ((count & 1) != 0)
                row.Slice((count - 1) * HashLength, HashLength).CopyTo(waiting);
            count /= 2;
            if (count > 0)
                Blake3Kernels.HashParents(_kernel, row[..(RoundUp(count) * 2 * HashLength)], values[HashLength..]);
        }
    }

    private Span<byte> LevelValue(int level) => _levels.AsSpan(level * HashLength, HashLength);

    private int RoundUp(int inputs) => (inputs + _lanes - 1) & -_lanes;
}
