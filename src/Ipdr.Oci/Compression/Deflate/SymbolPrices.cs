namespace Ipdr.Oci.Compression.Deflate;

/// <summary>What literals, lengths and distances cost where symbols occur as often as they did before, in <see cref="SymbolCost.Bit"/>s.</summary>
internal sealed class SymbolPrices
{
    private const int FirstLengthPrice = 3 * SymbolCost.Bit;
    private const int FirstDistancePrice = 4 * SymbolCost.Bit;

    private readonly int[] _literals = new int[DeflateFormat.Literals];
    private readonly int[] _lengths = new int[DeflateFormat.MaxMatch + 1];
    private readonly int[] _distances = new int[DeflateFormat.DistanceSymbols];

    /// <summary>By literal.</summary>
    public ReadOnlySpan<int> Literals => _literals;

    /// <summary>By length, extra bits included.</summary>
    public ReadOnlySpan<int> Lengths => _lengths;

    /// <summary>By distance symbol, extra bits included.</summary>
    public ReadOnlySpan<int> Distances => _distances;

    /// <summary>Takes prices where nothing is known but the bytes: literals as if there were nothing else, all lengths alike, all distances alike.</summary>
    public void SetFirst(ReadOnlySpan<byte> content)
    {
        Span<int> counts = stackalloc int[DeflateFormat.Literals];
        counts.Clear();
        foreach (byte value in content)
            counts[value]++;
        int total = Log2OfTotal(counts);
        for (int literal = 0; literal < DeflateFormat.Literals; literal++)
            _literals[literal] = PriceOf(counts[literal], total);
        for (int symbol = 0; symbol < DeflateFormat.LengthBases.Length; symbol++)
            SetLengths(symbol, FirstLengthPrice);
        for (int symbol = 0; symbol < DeflateFormat.DistanceSymbols; symbol++)
            _distances[symbol] = FirstDistancePrice + (DeflateFormat.DistanceExtraBits[symbol] * SymbolCost.Bit);
    }

    /// <summary>Takes the prices from what occurred.</summary>
    public void Set(SymbolCounts counts)
    {
        ReadOnlySpan<int> symbols = counts.LiteralsAndLengths;
        int total = Log2OfTotal(symbols);
        for (int literal = 0; literal < DeflateFormat.Literals; literal++)
            _literals[literal] = PriceOf(symbols[literal], total);
        for (int symbol = 0; symbol < DeflateFormat.LengthBases.Length; symbol++)
            SetLengths(symbol, PriceOf(symbols[DeflateFormat.FirstLengthSymbol + symbol], total));
        int distanceTotal = Log2OfTotal(counts.Distances);
        for (int symbol = 0; symbol < DeflateFormat.DistanceSymbols; symbol++)
            _distances[symbol] = PriceOf(counts.Distances[symbol], distanceTotal) + (DeflateFormat.DistanceExtraBits[symbol] * SymbolCost.Bit);
    }

    private void SetLengths(int symbol, int price)
    {
        Range lengths = DeflateFormat.LengthBases[symbol]..DeflateFormat.LengthEnd(symbol);
        _lengths.AsSpan(lengths).Fill(price + (DeflateFormat.LengthExtraBits[symbol] * SymbolCost.Bit));
    }

    // What did not occur is priced as half an occurrence.
    private static int PriceOf(int count, int total) => Math.Max(SymbolCost.Bit, total - (count == 0 ? -SymbolCost.Bit : SymbolCost.Log2((uint)count)));

    private static int Log2OfTotal(ReadOnlySpan<int> counts)
    {
        uint total = 1;
        foreach (int count in counts)
            total += (uint)count;
        return SymbolCost.Log2(total);
    }
}
