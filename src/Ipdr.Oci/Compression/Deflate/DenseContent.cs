using System.Buffers.Binary;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Recognises content that DEFLATE cannot make shorter: compressed or encrypted already.</summary>
/// <remarks>
/// DEFLATE gains by uneven byte counts and by repetitions within 32 KiB. Where neither is found (a few tests of rising cost, for most
/// content is out at the first), storing loses less than 0.3 % against compressing. A function of the bytes alone.
/// </remarks>
internal static class DenseContent
{
    private const int Values = 256;

    // Below this, statistics say little and compressing costs little.
    private const int MinLength = 4 << 10;

    private const int ProbeLength = 256;
    private const int Probes = 8;

    // Squared unevenness (chi²) of even counts is about 255, and each further unit is worth 1 / (16 ln 2 n) of n bytes.
    // Length / 48 on top is then at most 0.19 %. The probes are few bytes: they get more room, and only sort out.
    private const int UnevennessOfEven = 255;
    private const int LengthPerUnevenness = 48;
    private const int ProbeSlack = 256;

    // Words that begin a repetition are sampled by their hash, one in eight; 32 found are repetitions of about 256 bytes.
    private const int WordLength = sizeof(ulong);
    private const int SampleBits = 3;
    private const int TableBits = 12;
    private const int MaxRepetitions = 32;
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
            Count(content.Slice(probe * stride, ProbeLength), counts);
        return UnevennessOf(counts, Probes * ProbeLength) <= UnevennessOfEven + ProbeSlack;
    }

    private static bool IsEven(ReadOnlySpan<byte> content)
    {
        Span<int> counts = stackalloc int[Values];
        counts.Clear();
        Count(content, counts);
        return UnevennessOf(counts, content.Length) <= UnevennessOfEven + (content.Length / LengthPerUnevenness);
    }

    private static void Count(ReadOnlySpan<byte> content, Span<int> counts)
    {
        foreach (byte value in content)
            counts[value]++;
    }

    // chi² = sum of (count - n/256)² / (n/256) = 256/n * sum of count² - n
    private static long UnevennessOf(ReadOnlySpan<int> counts, int length)
    {
        long squares = 0;
        foreach (int count in counts)
            squares += (long)count * count;
        return (squares * Values / length) - length;
    }

    private static bool HasRepetitions(ReadOnlySpan<byte> content)
    {
        Span<ushort> lastPositions = stackalloc ushort[1 << TableBits];
        lastPositions.Clear();
        int found = 0;
        for (int position = 1; position <= content.Length - WordLength; position++)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(content[position..]);
            ulong hash = word * HashFactor;
            if (hash >> (64 - SampleBits) != 0)
                continue;
            ref ushort last = ref lastPositions[(int)(hash >> (64 - SampleBits - TableBits))];
            if (BinaryPrimitives.ReadUInt64LittleEndian(content[last..]) == word && ++found > MaxRepetitions)
                return true;
            last = (ushort)position;
        }
        return false;
    }
}
