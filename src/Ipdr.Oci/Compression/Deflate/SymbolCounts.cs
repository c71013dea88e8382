using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>How often each literal, length and distance symbol occurs in a stretch of tokens.</summary>
internal sealed class SymbolCounts
{
    private const int FirstDistance = 288;
    private const int AllSymbols = FirstDistance + 32;
    private const int AllInTokens = Token.LiteralsAndLengths + 32;

    // How many bytes each literal or length stands for.
    private static readonly int[] LengthsInTokens = MakeLengths();

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
        Span<int> counts = stackalloc int[2 * AllInTokens];
        counts.Clear();
        ref int odd = ref MemoryMarshal.GetReference(counts);
        ref int even = ref Unsafe.Add(ref odd, AllInTokens);
        if (tokens.Length % 2 != 0)
        {
            Count(tokens[^1], ref odd);
            tokens = tokens[..^1];
        }
        ref Token token = ref MemoryMarshal.GetReference(tokens);
        for (nint i = 0; i < tokens.Length; i += 2)
        {
            Count(Unsafe.Add(ref token, i), ref odd);
            Count(Unsafe.Add(ref token, i + 1), ref even);
        }
        Add(counts[..AllInTokens], counts[AllInTokens..]);
        return Set(counts);
    }

    public void Clear() => _counts.AsSpan().Clear();

    /// <summary>Adds the counts of what follows; the two become one block with one end.</summary>
    public void Add(SymbolCounts next)
    {
        Add(_counts, next._counts);
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
    private static void Count(Token token, ref int counts)
    {
        Unsafe.Add(ref counts, (nint)token.LiteralOrLength)++;
        Unsafe.Add(ref counts, Token.LiteralsAndLengths + (nint)token.DistanceSymbol)++;
    }

    // Lengths become symbols; the result is how many bytes there are.
    private int Set(ReadOnlySpan<int> counts)
    {
        Clear();
        counts[..DeflateFormat.Literals].CopyTo(_counts);
        counts.Slice(Token.LiteralsAndLengths, DeflateFormat.DistanceSymbols).CopyTo(_counts.AsSpan(FirstDistance));
        for (int number = 0; number < DeflateFormat.LengthBases.Length; number++)
        {
            int matches = 0;
            foreach (int count in counts[Token.LengthIndex(DeflateFormat.LengthBases[number])..Token.LengthIndex(DeflateFormat.LengthEnd(number))])
                matches += count;
            _counts[DeflateFormat.FirstLengthSymbol + number] = matches;
        }
        _counts[DeflateFormat.EndOfBlock] = 1;
        return BytesOf(counts[..Token.LiteralsAndLengths]);
    }

    private static int BytesOf(ReadOnlySpan<int> counts)
    {
        ReadOnlySpan<Vector<int>> some = MemoryMarshal.Cast<int, Vector<int>>(counts), lengths = MemoryMarshal.Cast<int, Vector<int>>(LengthsInTokens);
        Vector<int> bytes = Vector<int>.Zero;
        for (int i = 0; i < some.Length && i < lengths.Length; i++)
            bytes += some[i] * lengths[i];
        return Vector.Sum(bytes);
    }

    private static int[] MakeLengths()
    {
        int[] lengths = new int[Token.LiteralsAndLengths];
        lengths.AsSpan(0, DeflateFormat.Literals).Fill(1);
        for (int length = DeflateFormat.MinMatch; length <= DeflateFormat.MaxMatch; length++)
            lengths[Token.LengthIndex(length)] = length;
        return lengths;
    }

    private static void Add(Span<int> counts, ReadOnlySpan<int> more)
    {
        Span<Vector<int>> sums = MemoryMarshal.Cast<int, Vector<int>>(counts);
        ReadOnlySpan<Vector<int>> added = MemoryMarshal.Cast<int, Vector<int>>(more);
        for (int i = 0; i < sums.Length && i < added.Length; i++)
            sums[i] += added[i];
    }
}
