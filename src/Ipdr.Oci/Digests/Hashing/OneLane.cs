using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ipdr.Oci.Digests.Hashing;

/// <summary>One input, in ordinary registers: for every processor, and for a chunk that comes alone.</summary>
internal readonly struct OneLane(uint word) : ILanes<OneLane>
{
    private readonly uint _word = word;

    public static int Count => 1;

    public static OneLane Broadcast(uint word) => new(word);

    public static OneLane Create(ReadOnlySpan<uint> words) => new(words[0]);

    public static OneLane operator +(OneLane left, OneLane right) => new(left._word + right._word);

    public static OneLane operator ^(OneLane left, OneLane right) => new(left._word ^ right._word);

    public static OneLane RotateRight(OneLane value, [ConstantExpected] byte bits) => new(BitOperations.RotateRight(value._word, bits));

    public static void ReadBlocks(ref readonly byte input, nint stride, ref OneLane message)
    {
        ReadOnlySpan<byte> block = MemoryMarshal.CreateReadOnlySpan(in input, Blake3Constants.BlockLength);
        for (int word = 0; word < Blake3Constants.BlockLength / sizeof(uint); word++)
            Unsafe.Add(ref message, word) = new(BinaryPrimitives.ReadUInt32LittleEndian(block[(word * sizeof(uint))..]));
    }

    public static void WriteValues(ref readonly OneLane words, ref byte output)
    {
        Span<byte> value = MemoryMarshal.CreateSpan(ref output, Blake3Constants.HashLength);
        for (int word = 0; word < Blake3Constants.HashLength / sizeof(uint); word++)
            BinaryPrimitives.WriteUInt32LittleEndian(value[(word * sizeof(uint))..], Unsafe.Add(ref Unsafe.AsRef(in words), word)._word);
    }
}
