namespace Ipdr.Oci.Compression.Deflate;

/// <summary>The two codes of a block, and what it takes to describe them in its header (RFC 1951, section 3.2.7).</summary>
internal sealed class BlockCode
{
    // RFC 1951: a run repeats the length before 3 to 6 times, or zero 3 to 10 or 11 to 138 times.
    private const int Repeat = 16;
    private const int ShortZeros = 17;
    private const int LongZeros = 18;
    private const int MinRun = 3;
    private const int MaxRepeat = 6;
    private const int MinLongZeros = 11;
    private const int MaxLongZeros = 138;

    private const int MinLiteralLengths = 257;
    private const int MinDistances = 1;
    private const int MinCodeLengths = 4;

    private static readonly byte[] RunExtraBits = [2, 3, 7];

    private readonly HuffmanCode _codeLengths = new(DeflateFormat.CodeLengthSymbols, DeflateFormat.MaxCodeLengthLength);
    private readonly int[] _codeLengthCounts = new int[DeflateFormat.CodeLengthSymbols];

    // Symbols of the header, and above eight bits of it what follows as extra bits.
    private readonly ushort[] _header = new ushort[DeflateFormat.LiteralLengthSymbols + DeflateFormat.DistanceSymbols];
    private int _headerLength;
    private int _literalLengths;
    private int _distances;
    private int _codeLengthsWritten;

    /// <summary>The code of literals and lengths.</summary>
    public HuffmanCode LiteralsAndLengths { get; } = new(DeflateFormat.LiteralLengthSymbols, DeflateFormat.MaxCodeLength);

    /// <summary>The code of distances.</summary>
    public HuffmanCode Distances { get; } = new(DeflateFormat.DistanceSymbols, DeflateFormat.MaxCodeLength);

    /// <summary>Makes the codes for these counts, and their description.</summary>
    public void Build(SymbolCounts counts)
    {
        LiteralsAndLengths.Build(counts.LiteralsAndLengths);
        Distances.Build(counts.Distances);
        _literalLengths = Used(LiteralsAndLengths.Lengths, MinLiteralLengths);
        _distances = Used(Distances.Lengths, MinDistances);
        DescribeLengths();
        _codeLengths.Build(_codeLengthCounts);
        _codeLengthsWritten = DeflateFormat.CodeLengthSymbols;
        while (_codeLengthsWritten > MinCodeLengths && _codeLengths.Lengths[DeflateFormat.CodeLengthOrder[_codeLengthsWritten - 1]] == 0)
            _codeLengthsWritten--;
    }

    /// <summary>Length of the description, in bits, the three bits of the block's type not included.</summary>
    public int HeaderBits()
    {
        int bits = 5 + 5 + 4 + (3 * _codeLengthsWritten);
        for (int symbol = 0; symbol < DeflateFormat.CodeLengthSymbols; symbol++)
            bits += _codeLengthCounts[symbol] * (_codeLengths.Lengths[symbol] + ExtraBitsOf(symbol));
        return bits;
    }

    /// <summary>What symbols with these counts take in this code, in bits, their extra bits included.</summary>
    public long BodyBits(SymbolCounts counts) => BodyBits(counts, LiteralsAndLengths, Distances);

    /// <summary>What symbols with these counts take in any two codes.</summary>
    public static long BodyBits(SymbolCounts counts, HuffmanCode literalsAndLengths, HuffmanCode distances)
    {
        long bits = BodyBits(counts.LiteralsAndLengths, literalsAndLengths.Lengths) + BodyBits(counts.Distances, distances.Lengths);
        bits += BodyBits(counts.LiteralsAndLengths[DeflateFormat.FirstLengthSymbol..], DeflateFormat.LengthExtraBits) + BodyBits(counts.Distances, DeflateFormat.DistanceExtraBits);
        return bits;
    }

    /// <summary>Writes the description.</summary>
    public void WriteHeader(ref BitWriter writer)
    {
        writer.Add((uint)(_literalLengths - MinLiteralLengths), 5);
        writer.Add((uint)(_distances - MinDistances), 5);
        writer.Add((uint)(_codeLengthsWritten - MinCodeLengths), 4);
        writer.Flush();
        for (int i = 0; i < _codeLengthsWritten; i++)
        {
            writer.Add(_codeLengths.Lengths[DeflateFormat.CodeLengthOrder[i]], 3);
            writer.Flush();
        }
        foreach (ushort entry in _header.AsSpan(0, _headerLength))
        {
            int symbol = entry & 0xFF;
            writer.Add(_codeLengths.Codes[symbol], _codeLengths.Lengths[symbol]);
            writer.Add((uint)(entry >> 8), ExtraBitsOf(symbol));
            writer.Flush();
        }
    }

    private static long BodyBits(ReadOnlySpan<int> counts, ReadOnlySpan<byte> lengths)
    {
        long bits = 0;
        for (int symbol = 0; symbol < counts.Length && symbol < lengths.Length; symbol++)
            bits += (uint)(counts[symbol] * lengths[symbol]);
        return bits;
    }

    private static int ExtraBitsOf(int symbol) => symbol < Repeat ? 0 : RunExtraBits[symbol - Repeat];

    private static int Used(ReadOnlySpan<byte> lengths, int min)
    {
        int used = lengths.Length;
        while (used > min && lengths[used - 1] == 0)
            used--;
        return used;
    }

    // The lengths of both codes are one sequence: a run may pass from one to the other.
    private void DescribeLengths()
    {
        Span<byte> lengths = stackalloc byte[_literalLengths + _distances];
        LiteralsAndLengths.Lengths[.._literalLengths].CopyTo(lengths);
        Distances.Lengths[.._distances].CopyTo(lengths[_literalLengths..]);
        _codeLengthCounts.AsSpan().Clear();
        _headerLength = 0;
        for (int i = 0; i < lengths.Length;)
        {
            byte length = lengths[i];
            int run = 1;
            while (i + run < lengths.Length && lengths[i + run] == length)
                run++;
            i += run;
            if (length == 0)
                DescribeZeros(run);
            else
                DescribeRun(length, run);
        }
    }

    private void DescribeZeros(int run)
    {
        while (run >= MinLongZeros)
        {
            int piece = Math.Min(run, MaxLongZeros);
            Describe(LongZeros, piece - MinLongZeros);
            run -= piece;
        }
        if (run >= MinRun)
        {
            Describe(ShortZeros, run - MinRun);
            run = 0;
        }
        for (; run > 0; run--)
            Describe(0, 0);
    }

    private void DescribeRun(byte length, int run)
    {
        Describe(length, 0);
        run--;
        while (run >= MinRun)
        {
            int piece = Math.Min(run, MaxRepeat);
            Describe(Repeat, piece - MinRun);
            run -= piece;
        }
        for (; run > 0; run--)
            Describe(length, 0);
    }

    private void Describe(int symbol, int extra)
    {
        _header[_headerLength++] = (ushort)(symbol | (extra << 8));
        _codeLengthCounts[symbol]++;
    }
}
