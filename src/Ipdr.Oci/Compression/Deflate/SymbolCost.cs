using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Estimates what coding symbols costs, in integers, so that every processor and runtime decides the same.</summary>
internal static class SymbolCost
{
    /// <summary>One bit of cost.</summary>
    public const int Bit = 1 << FractionBits;

    private const int FractionBits = 8;
    private const int TableBits = 11;

    // What a symbol takes in a block's header, on average, and what a block takes besides.
    private const int HeaderPerSymbol = 4 * Bit;
    private const int HeaderOfAlphabet = 32 * Bit;

    // c · log₂ c for small c.
    private static readonly int[] SelfInformation = MakeSelfInformation();

    /// <summary>Entropy of these counts and an estimate of what describing their code takes, in <see cref="Bit"/>s.</summary>
    /// <param name="counts">A multiple of 16 of them, so that they are whole vectors.</param>
    public static long Of(ReadOnlySpan<int> counts) => Of(counts, 0);

    /// <summary>As <see cref="Of(ReadOnlySpan{int})"/>, for the sums of two counts each.</summary>
    /// <param name="one">Counts.</param>
    /// <param name="other">As many counts.</param>
    /// <param name="common">What both count and the sum has only once: ends of blocks, of which there is nothing but one in each.</param>
    public static long OfBoth(ReadOnlySpan<int> one, ReadOnlySpan<int> other, int common)
    {
        Span<int> counts = stackalloc int[one.Length];
        ReadOnlySpan<Vector<int>> ones = MemoryMarshal.Cast<int, Vector<int>>(one), others = MemoryMarshal.Cast<int, Vector<int>>(other);
        Span<Vector<int>> sums = MemoryMarshal.Cast<int, Vector<int>>(counts);
        for (int i = 0; i < sums.Length && i < ones.Length && i < others.Length; i++)
            sums[i] = ones[i] + others[i];
        return Of(counts, common);
    }

    /// <summary>log₂ of a number from 1 on, in <see cref="Bit"/>s, rounded down.</summary>
    public static int Log2(uint value)
    {
        int whole = BitOperations.Log2(value);
        // Squaring a number doubles its logarithm: whether the square passes 2 is the next bit.
        ulong mantissa = (ulong)value << (31 - whole);
        int fraction = 0;
        for (int i = 0; i < FractionBits; i++)
        {
            mantissa = (mantissa * mantissa) >> 31;
            int bit = (int)(mantissa >> 32);
            mantissa >>= bit;
            fraction = (fraction << 1) | bit;
        }
        return (whole << FractionBits) | fraction;
    }

    private static long Of(ReadOnlySpan<int> counts, int common)
    {
        Sum(counts, out int total, out int used, out bool areSmall);
        long own = 0;
        if (areSmall)
        {
            // Nearly always: nothing to ask at each.
            ref int information = ref MemoryMarshal.GetArrayDataReference(SelfInformation);
            foreach (int count in counts)
                own += Unsafe.Add(ref information, count);
        }
        else
        {
            foreach (int count in counts)
                own += InformationOf(count);
        }
        // Two ends make one: its own information is that of 1 instead of 2.
        own -= common * (InformationOf(2) - InformationOf(1));
        return InformationOf(total - common) - own + (used * HeaderPerSymbol) + HeaderOfAlphabet;
    }

    // Their sum, how many are not 0, and whether the table knows all of them.
    private static void Sum(ReadOnlySpan<int> counts, out int total, out int used, out bool areSmall)
    {
        Vector<int> totals = Vector<int>.Zero, zeros = Vector<int>.Zero, all = Vector<int>.Zero;
        foreach (Vector<int> some in MemoryMarshal.Cast<int, Vector<int>>(counts))
        {
            totals += some;
            zeros += Vector.Equals(some, Vector<int>.Zero);
            all |= some;
        }
        total = Vector.Sum(totals);
        used = counts.Length + Vector.Sum(zeros);
        areSmall = Vector.LessThanAll(all, new Vector<int>(1 << TableBits));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long InformationOf(int count) =>
        count < 1 << TableBits ? Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(SelfInformation), count) : InformationOfMany(count);

    // log₂(m · 2^s) = log₂ m + s, with m from the table's upper half.
    private static long InformationOfMany(int count)
    {
        int shift = BitOperations.Log2((uint)count) - (TableBits - 1);
        int mantissa = count >> shift;
        return ((long)SelfInformation[mantissa] * count / mantissa) + ((long)count * shift * Bit);
    }

    private static int[] MakeSelfInformation()
    {
        int[] table = new int[1 << TableBits];
        for (int count = 1; count < table.Length; count++)
            table[count] = count * Log2((uint)count);
        return table;
    }
}
