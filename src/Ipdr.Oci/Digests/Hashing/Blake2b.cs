using System.Buffers.Binary;
using System.Numerics;

namespace Ipdr.Oci.Digests.Hashing;

/// <summary>BLAKE2b (RFC 7693), unkeyed, in pieces of any length. Not safe for several threads.</summary>
/// <remarks>Only names of content need it: it follows the RFC word by word and uses no vector instructions.</remarks>
internal sealed class Blake2b
{
    /// <summary>Bytes of the hash that is called blake2b-256.</summary>
    public const int HashLength256 = 32;

    private const int MaxHashLength = 64;
    private const int BlockLength = 128;
    private const int Rounds = 12;

    // The first word of the parameter block: fanout 1, depth 1, no key.
    private const ulong Parameters = 0x0101_0000;

    // SHA-512's, as section 2.6 has it.
    private static ReadOnlySpan<ulong> InitialValue =>
    [
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    ];

    // Section 2.7. Rounds 10 and 11 start over.
    private static ReadOnlySpan<byte> Schedule =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
    ];

    private readonly int _hashLength;
    private readonly ulong[] _state = new ulong[8];
    private readonly byte[] _buffer = new byte[BlockLength];
    private int _buffered;
    private UInt128 _count;

    /// <param name="hashLength">Bytes of the hash, 1 to 64: another length gives another hash, not a shorter one.</param>
    public Blake2b(int hashLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hashLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hashLength, MaxHashLength);
        _hashLength = hashLength;
        Reset();
    }

    /// <summary>Hashes content that is at hand, with 32 bytes of output.</summary>
    public static void Hash256(ReadOnlySpan<byte> content, Span<byte> hash)
    {
        Blake2b hasher = new(HashLength256);
        hasher.Append(content);
        hasher.FinishAndReset(hash);
    }

    /// <summary>Takes the next piece.</summary>
    public void Append(ReadOnlySpan<byte> content)
    {
        // The last block is marked as such, so a full buffer waits until more comes.
        while (content.Length > BlockLength - _buffered)
        {
            int taken = BlockLength - _buffered;
            content[..taken].CopyTo(_buffer.AsSpan(_buffered));
            content = content[taken..];
            Compress(BlockLength, isLast: false);
            _buffered = 0;
        }
        content.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += content.Length;
    }

    /// <summary>Writes the hash of all pieces; afterwards the object is as new.</summary>
    /// <param name="hash">Room for the hash.</param>
    public void FinishAndReset(Span<byte> hash)
    {
        _buffer.AsSpan(_buffered).Clear();
        Compress(_buffered, isLast: true);
        Span<byte> words = stackalloc byte[MaxHashLength];
        for (int i = 0; i < _state.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(words[(i * sizeof(ulong))..], _state[i]);
        words[.._hashLength].CopyTo(hash);
        Reset();
    }

    private void Reset()
    {
        InitialValue.CopyTo(_state);
        _state[0] ^= Parameters | (uint)_hashLength;
        _buffered = 0;
        _count = 0;
    }

    // Section 3.2.
    private void Compress(int length, bool isLast)
    {
        _count += (uint)length;
        Span<ulong> message = stackalloc ulong[16];
        for (int i = 0; i < message.Length; i++)
            message[i] = BinaryPrimitives.ReadUInt64LittleEndian(_buffer.AsSpan(i * sizeof(ulong)));
        Span<ulong> v = stackalloc ulong[16];
        _state.CopyTo(v);
        InitialValue.CopyTo(v[8..]);
        v[12] ^= (ulong)_count;
        v[13] ^= (ulong)(_count >> 64);
        if (isLast)
            v[14] = ~v[14];
        for (int round = 0; round < Rounds; round++)
        {
            ReadOnlySpan<byte> order = Schedule.Slice(round * 16, 16);
            for (int column = 0; column < 4; column++)
                Mix(v, column, 4 + column, 8 + column, 12 + column, message[order[2 * column]], message[order[2 * column + 1]]);
            for (int diagonal = 0; diagonal < 4; diagonal++)
                Mix(v, diagonal, 4 + (diagonal + 1) % 4, 8 + (diagonal + 2) % 4, 12 + (diagonal + 3) % 4, message[order[8 + 2 * diagonal]], message[order[9 + 2 * diagonal]]);
        }
        for (int i = 0; i < _state.Length; i++)
            _state[i] ^= v[i] ^ v[i + 8];
    }

    // Section 3.1.
    private static void Mix(Span<ulong> v, int a, int b, int c, int d, ulong x, ulong y)
    {
        v[a] += v[b] + x;
        v[d] = BitOperations.RotateRight(v[d] ^ v[a], 32);
        v[c] += v[d];
        v[b] = BitOperations.RotateRight(v[b] ^ v[c], 24);
        v[a] += v[b] + y;
        v[d] = BitOperations.RotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = BitOperations.RotateRight(v[b] ^ v[c], 63);
    }
}
