using System.Numerics;

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
    public static long Of(ReadOnlySpan<int> counts)
    {
        int total = 0, used = 0;
        long own = 0;
        foreach (int count in counts)
        {
            total += count;
            used += count == 0 ? 0 : 1;
            own += InformationOf(count);
        }
        return InformationOf(total) - own + (used * HeaderPerSymbol) + HeaderOfAlphabet;
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

    private static long InformationOf(int count)
    {
        if (count < 1 << TableBits)
            return SelfInformation[count];
        // log₂(m · 2^s) = log₂ m + s, with m from the table's upper half.
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
