using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>How often each literal, length and distance symbol occurs in a stretch of tokens.</summary>
internal sealed class SymbolCounts
{
    private const int FirstDistance = 288;
    private const int AllSymbols = FirstDistance + 32;

    private static readonly byte[] LengthsBySymbol = MakeLengthsBySymbol();

    private readonly int[] _counts = new int[AllSymbols];

    /// <summary>By literal and length symbol, the end of the block included.</summary>
    public ReadOnlySpan<int> LiteralsAndLengths => _counts.AsSpan(0, DeflateFormat.LiteralLengthSymbols);

    /// <summary>By distance symbol.</summary>
    public ReadOnlySpan<int> Distances => _counts.AsSpan(FirstDistance, DeflateFormat.DistanceSymbols);

    /// <summary>Counts anew: these tokens and one end of block.</summary>
    /// <returns>How many bytes the tokens stand for.</returns>
    public int Count(ReadOnlySpan<Token> tokens)
    {
        // Neighbours are often the same symbol, and literals the same distance: counted in two tables, one need not wait for the other.
        Span<int> others = stackalloc int[AllSymbols];
        others.Clear();
        Clear();
        ref int counts = ref MemoryMarshal.GetArrayDataReference(_counts);
        ref int otherCounts = ref MemoryMarshal.GetReference(others);
        ref byte bases = ref MemoryMarshal.GetArrayDataReference(LengthsBySymbol);
        nint length = 0;
        if (tokens.Length % 2 != 0)
        {
            length += Count(tokens[^1], ref counts, ref bases);
            tokens = tokens[..^1];
        }
        ref Token token = ref MemoryMarshal.GetReference(tokens);
        for (nint i = 0; i < tokens.Length; i += 2)
        {
            length += Count(Unsafe.Add(ref token, i), ref counts, ref bases);
            length += Count(Unsafe.Add(ref token, i + 1), ref otherCounts, ref bases);
        }
        Add(others);
        _counts[DeflateFormat.EndOfBlock] = 1;
        // The longest match has a symbol of its own, and its length does not fit a byte.
        length += (nint)_counts[DeflateFormat.LiteralLengthSymbols - 1] * DeflateFormat.MaxMatch;
        _counts[FirstDistance + Token.NoDistance] = 0;
        return (int)length;
    }

    public void Clear() => _counts.AsSpan().Clear();

    /// <summary>Adds the counts of what follows; the two become one block with one end.</summary>
    public void Add(SymbolCounts next)
    {
        Add(next._counts);
        _counts[DeflateFormat.EndOfBlock] = 1;
    }

    /// <summary>What a block of its own would take, in 1/256 bits: entropy and an estimate of its header.</summary>
    public long Cost() => SymbolCost.Of(_counts.AsSpan(0, FirstDistance)) + SymbolCost.Of(_counts.AsSpan(FirstDistance));

    /// <summary>What one block for both would take.</summary>
    public long CostWith(SymbolCounts next)
    {
        ReadOnlySpan<int> first = _counts, second = next._counts;
        return SymbolCost.OfBoth(first[..FirstDistance], second[..FirstDistance], common: 1) + SymbolCost.OfBoth(first[FirstDistance..], second[FirstDistance..], common: 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Count(Token token, ref int counts, ref byte bases)
    {
        nint symbol = token.Symbol;
        Unsafe.Add(ref counts, symbol)++;
        Unsafe.Add(ref counts, FirstDistance + (nint)token.DistanceSymbol)++;
        return Unsafe.Add(ref bases, symbol) + token.LengthExtra;
    }

    private void Add(ReadOnlySpan<int> more)
    {
        Span<Vector<int>> sums = MemoryMarshal.Cast<int, Vector<int>>(_counts.AsSpan());
        ReadOnlySpan<Vector<int>> added = MemoryMarshal.Cast<int, Vector<int>>(more);
        for (int i = 0; i < sums.Length && i < added.Length; i++)
            sums[i] += added[i];
    }

    private static byte[] MakeLengthsBySymbol()
    {
        byte[] lengths = new byte[FirstDistance];
        lengths.AsSpan(0, DeflateFormat.Literals).Fill(1);
        for (int symbol = DeflateFormat.FirstLengthSymbol; symbol < DeflateFormat.LiteralLengthSymbols - 1; symbol++)
            lengths[symbol] = (byte)DeflateFormat.LengthBases[symbol - DeflateFormat.FirstLengthSymbol];
        return lengths;
    }
}
