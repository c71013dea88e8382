using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Ipdr.Oci.Compression.Deflate.DeflateFormat;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Writes tokens as a DEFLATE block: of codes made for it, of the fixed codes, or stored, whichever is shortest.</summary>
internal sealed class BlockWriter
{
    // A literal's or length's entry holds its bits, extra bits included, and above them how many.
    private const int LengthShift = 24;
    private const uint BitsMask = (1 << LengthShift) - 1;

    // A distance's entry holds its code, the code's length, and from the eighth bit above that, where shifts do not see it, its length with the extra bits behind it.
    private const int CodeLengthShift = 16;
    private const int TotalShift = CodeLengthShift + 8;

    private readonly BlockCode _code = new();
    private readonly uint[] _literalsAndLengths = new uint[Token.LiteralsAndLengths];

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
        PrepareLiteralsAndLengths(literalsAndLengths);
        PrepareDistances(distances);
        writer.Flush();
        ref uint literalEntries = ref MemoryMarshal.GetArrayDataReference(_literalsAndLengths);
        ref uint distanceEntries = ref MemoryMarshal.GetArrayDataReference(_distances);
        // The writer's state stays in registers here, which a struct of its size would not.
        ref byte start = ref writer.Next(out ulong bits, out int count);
        ref byte next = ref start;
        ref Token token = ref MemoryMarshal.GetReference(tokens);
        nint i = 0;
        for (; i + 2 < tokens.Length; i += 3)
        {
            ulong first = Encode(Unsafe.Add(ref token, i), ref literalEntries, ref distanceEntries, out int firstLength);
            ulong second = Encode(Unsafe.Add(ref token, i + 1), ref literalEntries, ref distanceEntries, out int secondLength);
            ulong third = Encode(Unsafe.Add(ref token, i + 2), ref literalEntries, ref distanceEntries, out int thirdLength);
            int length = firstLength + secondLength + thirdLength;
            if (length <= BitWriter.MaxBetweenFlushes)
            {
                // Nearly always: of what one token must wait for the one before, two thirds are gone.
                first |= (second << firstLength) | (third << (firstLength + secondLength));
                next = ref Add(ref next, ref bits, ref count, first, length);
                continue;
            }
            next = ref Add(ref next, ref bits, ref count, first, firstLength);
            next = ref Add(ref next, ref bits, ref count, second, secondLength);
            next = ref Add(ref next, ref bits, ref count, third, thirdLength);
        }
        for (; i < tokens.Length; i++)
        {
            ulong last = Encode(Unsafe.Add(ref token, i), ref literalEntries, ref distanceEntries, out int length);
            next = ref Add(ref next, ref bits, ref count, last, length);
        }
        writer.Resume((int)Unsafe.ByteOffset(ref start, ref next), bits, count);
        writer.Add(literalsAndLengths.Codes[EndOfBlock], literalsAndLengths.Lengths[EndOfBlock]);
        writer.Flush();
    }

    // What is written for a token, at most 48 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Encode(Token token, ref uint literals, ref uint distances, out int length)
    {
        uint literal = Unsafe.Add(ref literals, (nint)token.LiteralOrLength);
        uint distance = Unsafe.Add(ref distances, (nint)token.DistanceSymbol);
        int literalLength = (int)(literal >> LengthShift);
        ulong added = (distance & 0xFFFF) | ((ulong)(uint)token.DistanceExtra << (int)(distance >> CodeLengthShift));
        length = literalLength + (int)(distance >> TotalShift);
        return (literal & BitsMask) | (added << literalLength);
    }

    // BitWriter's Add and Flush, on its state in registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte Add(ref byte next, scoped ref ulong bits, scoped ref int count, ulong added, int length)
    {
        bits |= added << count;
        count += length;
        Bytes.Write64(ref next, 0, bits);
        next = ref Unsafe.Add(ref next, (nint)(uint)(count >> 3));
        bits >>= count & ~7;
        count &= 7;
        return ref next;
    }

    private void PrepareLiteralsAndLengths(HuffmanCode code)
    {
        ReadOnlySpan<ushort> codes = code.Codes;
        ReadOnlySpan<byte> lengths = code.Lengths;
        for (int literal = 0; literal < Literals; literal++)
            _literalsAndLengths[literal] = codes[literal] | ((uint)lengths[literal] << LengthShift);
        for (int number = 0; number < LengthBases.Length; number++)
        {
            int symbol = FirstLengthSymbol + number;
            uint entry = codes[symbol] | ((uint)(lengths[symbol] + LengthExtraBits[number]) << LengthShift), extra = 0;
            foreach (ref uint ofLength in _literalsAndLengths.AsSpan(Token.LengthIndex(LengthBases[number])..Token.LengthIndex(LengthEnd(number))))
                ofLength = entry | (extra++ << lengths[symbol]);
        }
    }

    private void PrepareDistances(HuffmanCode code)
    {
        ReadOnlySpan<ushort> codes = code.Codes;
        ReadOnlySpan<byte> lengths = code.Lengths;
        for (int symbol = 0; symbol < DistanceSymbols; symbol++)
            _distances[symbol] = codes[symbol] | ((uint)lengths[symbol] << CodeLengthShift) | ((uint)(lengths[symbol] + DistanceExtraBits[symbol]) << TotalShift);
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
