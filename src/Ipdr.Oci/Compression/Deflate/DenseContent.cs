using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Recognises content that DEFLATE cannot make shorter: compressed or encrypted already.</summary>
/// <remarks>
/// DEFLATE gains by uneven byte counts and by repetitions within 32 KiB. Where samples show neither (tests of rising cost, for most
/// content is out at the first), storing loses less than about 1 % against compressing. A function of the bytes alone.
/// </remarks>
internal static class DenseContent
{
    private const int Values = 256;

    // Below this, statistics say little and compressing costs little.
    private const int MinLength = 4 << 10;

    private const int ProbeLength = 256;
    private const int Probes = 8;

    // A quarter of the content is counted, in pieces from all over it.
    private const int CountedLength = 1 << 10;
    private const int CountedStride = 4 << 10;

    // Squared unevenness (chi²) of even counts is about 255, and each further unit is worth 1 / (16 ln 2 n) of n bytes.
    // Length / 48 on top is then at most 0.19 %. The probes are few bytes: they get more room, and only sort out.
    private const int UnevennessOfEven = 255;
    private const int LengthPerUnevenness = 48;
    private const int ProbeSlack = 256;

    // Words are sampled that begin with one of two bytes, one word in 128; five found again are repetitions of about 640 bytes.
    private const byte Marker1 = 0x5A;
    private const byte Marker2 = 0xA7;
    private const int WordLength = sizeof(ulong);
    private const int TableBits = 9;
    private const int MaxRepetitions = 4;
    private const ulong HashFactor = 0x9E3779B97F4A7C15;

    /// <summary>Whether compressing is not worth while.</summary>
    /// <param name="content">At most 64 KiB.</param>
    public static bool Is(ReadOnlySpan<byte> content) =>
        content.Length >= MinLength && IsEvenInProbes(content) && IsEven(content) && !HasRepetitions(content);

    private static bool IsEvenInProbes(ReadOnlySpan<byte> content)
    {
        Span<int> counts = stackalloc int[Values];
        counts.Clear();
        int stride = content.Length / Probes;
        for (int probe = 0; probe < Probes; probe++)
        {
            Count(content.Slice(probe * stride, ProbeLength), counts);
            // What follows only adds to the squares: most content shows after two or three probes that it is not even.
            if (UnevennessOf(counts, Probes * ProbeLength) > UnevennessOfEven + ProbeSlack)
                return false;
        }
        return true;
    }

    private static bool IsEven(ReadOnlySpan<byte> content)
    {
        Span<int> counts = stackalloc int[Values];
        counts.Clear();
        int counted = 0;
        for (int position = 0; position + CountedLength <= content.Length; position += CountedStride, counted += CountedLength)
            Count(content.Slice(position, CountedLength), counts);
        return UnevennessOf(counts, counted) <= UnevennessOfEven + (counted / LengthPerUnevenness);
    }

    private static void Count(ReadOnlySpan<byte> content, Span<int> counts)
    {
        foreach (byte value in content)
            counts[value]++;
    }

    // Counts of at most 16 KiB: the sum of their squares is less than 2³¹.
    // chi² = sum of (count - n/256)² / (n/256) = 256/n * sum of count² - n
    private static long UnevennessOf(ReadOnlySpan<int> counts, int length)
    {
        Vector<int> sums = Vector<int>.Zero;
        foreach (Vector<int> some in MemoryMarshal.Cast<int, Vector<int>>(counts))
            sums += some * some;
        return ((long)Vector.Sum(sums) * Values / length) - length;
    }

    private static bool HasRepetitions(ReadOnlySpan<byte> content)
    {
        Span<ushort> lastPositions = stackalloc ushort[1 << TableBits];
        lastPositions.Clear();
        int found = 0, position = 1;
        while (content[position..].IndexOfAny(Marker1, Marker2) is >= 0 and int next && position + next <= content.Length - WordLength)
        {
            position += next;
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(content[position..]);
            ref ushort last = ref lastPositions[(int)((word * HashFactor) >> (64 - TableBits))];
            if (BinaryPrimitives.ReadUInt64LittleEndian(content[last..]) == word && ++found > MaxRepetitions)
                return true;
            last = (ushort)position;
            position++;
        }
        return false;
    }
}
