using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;

namespace Ipdr.Oci.Tests.UnixFs;

/// <summary>The ChaCha20 keystream (RFC 8439) of a key made of a text, eight blocks at a time: the content of the profiles' published vectors.</summary>
internal sealed class ChaCha20(string seedText)
{
    private const int Words = 16;
    private const int Lanes = 8;
    private const int BatchLength = Lanes * Words * sizeof(uint);

    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes(seedText));
    private readonly byte[] _batch = new byte[BatchLength];

    public void Fill(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int start = (int)(offset % BatchLength);
            Generate((uint)(offset / BatchLength * Lanes));
            int count = Math.Min(destination.Length, BatchLength - start);
            _batch.AsSpan(start, count).CopyTo(destination);
            destination = destination[count..];
            offset += count;
        }
    }

    private void Generate(uint counter)
    {
        Span<Vector256<uint>> initial = stackalloc Vector256<uint>[Words];
        ReadOnlySpan<uint> constants = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];
        for (int i = 0; i < Words; i++)
            initial[i] = i < 4 ? Vector256.Create(constants[i]) : i < 12 ? Vector256.Create(BinaryPrimitives.ReadUInt32LittleEndian(_key.AsSpan((i - 4) * 4))) : Vector256<uint>.Zero;
        initial[12] = Vector256.Create(counter) + Vector256<uint>.Indices;
        Span<Vector256<uint>> state = stackalloc Vector256<uint>[Words];
        initial.CopyTo(state);
        for (int round = 0; round < 20; round += 2)
        {
            for (int i = 0; i < 4; i++)
                Quarter(ref state[i], ref state[4 + i], ref state[8 + i], ref state[12 + i]);
            for (int i = 0; i < 4; i++)
                Quarter(ref state[i], ref state[4 + ((i + 1) & 3)], ref state[8 + ((i + 2) & 3)], ref state[12 + ((i + 3) & 3)]);
        }
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(_batch.AsSpan());
        for (int i = 0; i < Words; i++)
        {
            Vector256<uint> word = state[i] + initial[i];
            for (int lane = 0; lane < Lanes; lane++)
                words[lane * Words + i] = word[lane];
        }
    }

    private static void Quarter(ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d)
    {
        a += b;
        d = Rotate(d ^ a, 16);
        c += d;
        b = Rotate(b ^ c, 12);
        a += b;
        d = Rotate(d ^ a, 8);
        c += d;
        b = Rotate(b ^ c, 7);
    }

    private static Vector256<uint> Rotate(Vector256<uint> value, int bits) => (value << bits) | (value >>> (32 - bits));
}
