using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Ipdr.Oci.Compression.Deflate.DeflateFormat;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Writes tokens as a DEFLATE block: of codes made for it, of the fixed codes, or stored, whichever is shortest.</summary>
internal sealed class BlockWriter
{
    // An entry holds a code, its length, and from the eighth bit above that, where shifts do not see it, its length with the extra bits behind it.
    private const int CodeLengthShift = 16;
    private const int TotalShift = CodeLengthShift + 8;

    private readonly BlockCode _code = new();
    private readonly uint[] _literals = new uint[LiteralLengthSymbols];

    // The last entry is for literals, and stays empty.
    private readonly uint[] _distances = new uint[Token.NoDistance + 1];
    private readonly HuffmanCode _fixedLiterals = FixedLiterals();
    private readonly HuffmanCode _fixedDistances = FixedDistances();

    /// <summary>Writes one block.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="tokens">What the content was parsed into.</param>
    /// <param name="counts">Of these tokens.</param>
    /// <param name="content">The block's bytes.</param>
    public void Write(ref BitWriter writer, ReadOnlySpan<Token> tokens, SymbolCounts counts, ReadOnlySpan<byte> content)
    {
        _code.Build(counts);
        long dynamicBits = _code.HeaderBits() + _code.BodyBits(counts);
        long fixedBits = BlockCode.BodyBits(counts, _fixedLiterals, _fixedDistances);
        if (StoredBlocks.BitsFor(writer.BitLength, content.Length) - BlockTypeBits <= Math.Min(dynamicBits, fixedBits))
        {
            StoredBlocks.Write(ref writer, content);
        }
        else if (fixedBits <= dynamicBits)
        {
            writer.Add(FixedBlock, BlockTypeBits);
            WriteBody(ref writer, tokens, _fixedLiterals, _fixedDistances);
        }
        else
        {
            writer.Add(DynamicBlock, BlockTypeBits);
            _code.WriteHeader(ref writer);
            WriteBody(ref writer, tokens, _code.LiteralsAndLengths, _code.Distances);
        }
    }

    private void WriteBody(ref BitWriter writer, ReadOnlySpan<Token> tokens, HuffmanCode literalsAndLengths, HuffmanCode distances)
    {
        Prepare(_literals, literalsAndLengths, FirstLengthSymbol, LengthExtraBits);
        Prepare(_distances, distances, 0, DistanceExtraBits);
        writer.Flush();
        ref uint literalEntries = ref MemoryMarshal.GetArrayDataReference(_literals);
        ref uint distanceEntries = ref MemoryMarshal.GetArrayDataReference(_distances);
        // The writer's state stays in registers here, which a struct of its size would not.
        ref byte start = ref writer.Next(out ulong bits, out int count);
        ref byte next = ref start;
        foreach (Token token in tokens)
        {
            uint literal = Unsafe.Add(ref literalEntries, (nint)token.Symbol);
            uint distance = Unsafe.Add(ref distanceEntries, (nint)token.DistanceSymbol);
            int literalLength = (int)(literal >> TotalShift);
            ulong added = (literal & 0xFFFF) | ((ulong)(uint)token.LengthExtra << (int)(literal >> CodeLengthShift));
            added |= ((distance & 0xFFFF) | ((ulong)(uint)token.DistanceExtra << (int)(distance >> CodeLengthShift))) << literalLength;
            bits |= added << count;
            count += literalLength + (int)(distance >> TotalShift);
            Bytes.Write64(ref next, 0, bits);
            next = ref Unsafe.Add(ref next, (nint)(uint)(count >> 3));
            bits >>= count & 0x38;
            count &= 7;
        }
        writer.Resume((int)Unsafe.ByteOffset(ref start, ref next), bits, count);
        writer.Add(literalsAndLengths.Codes[EndOfBlock], literalsAndLengths.Lengths[EndOfBlock]);
        writer.Flush();
    }

    private static void Prepare(uint[] entries, HuffmanCode code, int firstWithExtra, ReadOnlySpan<byte> extraBits)
    {
        ReadOnlySpan<ushort> codes = code.Codes;
        ReadOnlySpan<byte> lengths = code.Lengths;
        for (int symbol = 0; symbol < entries.Length && symbol < codes.Length; symbol++)
        {
            int extra = symbol >= firstWithExtra && symbol - firstWithExtra < extraBits.Length ? extraBits[symbol - firstWithExtra] : 0;
            entries[symbol] = codes[symbol] | ((uint)lengths[symbol] << CodeLengthShift) | ((uint)(lengths[symbol] + extra) << TotalShift);
        }
    }

    private static HuffmanCode FixedLiterals()
    {
        // The fixed code has two lengths more than can be used (RFC 1951, section 3.2.6); they come last and change no other code.
        HuffmanCode code = new(LiteralLengthSymbols + 2, MaxCodeLength);
        Span<byte> lengths = stackalloc byte[LiteralLengthSymbols + 2];
        lengths[..144].Fill(8);
        lengths[144..256].Fill(9);
        lengths[256..280].Fill(7);
        lengths[280..].Fill(8);
        code.SetLengths(lengths);
        return code;
    }

    private static HuffmanCode FixedDistances()
    {
        HuffmanCode code = new(DistanceSymbols, MaxCodeLength);
        Span<byte> lengths = stackalloc byte[DistanceSymbols];
        lengths.Fill(5);
        code.SetLengths(lengths);
        return code;
    }
}
