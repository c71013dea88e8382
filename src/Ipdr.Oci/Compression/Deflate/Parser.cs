using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Finds repetitions in a block and decides which of them to use. For one thread at a time.</summary>
/// <remarks>
/// Most tables hold positions in sixteen bits. What is too old to be told from something newer is only a wrong hint: whatever a table says,
/// bytes are compared before a match is made of it. Positions count from <see cref="Origin"/>, so that an empty entry is too far away.
/// </remarks>
internal abstract class Parser
{
    /// <summary>The farthest match that is used: the largest distance that is positive in sixteen bits.</summary>
    public const int MaxDistance = DeflateFormat.MaxDistance - 1;

    /// <summary>How many bytes before the end of what is parsed the search for matches ends, so that words can be read.</summary>
    public const int Margin = sizeof(ulong);

    /// <summary>The position of a block's first byte in tables.</summary>
    public const int Origin = MaxDistance + 1;

    /// <summary>What words are multiplied by for their hash: 2³² divided by the golden ratio.</summary>
    public const uint HashFactor = 0x9E3779B1;

    /// <summary>Forgets everything: the next block has nothing to do with those before.</summary>
    public abstract void Reset();

    /// <summary>Parses a region of a block.</summary>
    /// <param name="block">The whole block, of which what was parsed before <paramref name="position"/> may be referred to.</param>
    /// <param name="position">The first byte to parse.</param>
    /// <param name="softEnd">Where to stop; a match may reach beyond it.</param>
    /// <param name="end">Where to stop at the latest.</param>
    /// <param name="tokens">Takes the tokens, instead of what it held.</param>
    /// <returns>The end of what the tokens stand for.</returns>
    public abstract int Parse(ReadOnlySpan<byte> block, int position, int softEnd, int end, TokenBuffer tokens);

    /// <summary>Parses a stretch of the region that was parsed last once more, knowing what occurs in it.</summary>
    /// <param name="block">The whole block.</param>
    /// <param name="position">The first byte of the stretch.</param>
    /// <param name="end">Its end; no match reaches beyond it.</param>
    /// <param name="counts">What occurred in it before.</param>
    /// <param name="tokens">Takes the tokens, instead of what it held.</param>
    /// <exception cref="NotSupportedException">This parser does not improve on itself.</exception>
    public virtual void Improve(ReadOnlySpan<byte> block, int position, int end, SymbolCounts counts, TokenBuffer tokens) => throw new NotSupportedException();

    /// <summary>Puts a token, and says where the next one goes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static ref Token Put(ref Token at, Token token)
    {
        at = token;
        return ref Unsafe.Add(ref at, 1);
    }

    /// <summary>Puts the bytes from <paramref name="position"/> to <paramref name="end"/> as they are.</summary>
    protected static ref Token PutLiterals(ref Token at, ref byte start, int position, int end)
    {
        for (; position < end; position++)
            at = ref Put(ref at, Token.Literal(Bytes.At(ref start, position)));
        return ref at;
    }

    /// <summary>The same, eight at a time.</summary>
    /// <remarks>Up to seven more are read, which the margin gives, and written, or eight if there are none, which what follows overwrites.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static ref Token PutManyLiterals(ref Token at, ref byte start, nint position, nint end)
    {
        // The word is in the bytes' order, whichever that is here. A Vector64 would pass through memory, where the wider read waits for the narrower write.
        Vector128<uint> noDistance = Vector128.Create(Token.LiteralBits);
        ref byte bytes = ref Bytes.At(ref start, position);
        nint count = end - position, i = 0;
        do
        {
            Vector128<ushort> eight = Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Bytes.At(ref bytes, i))).AsByte());
            ref uint tokens = ref Unsafe.As<Token, uint>(ref Unsafe.Add(ref at, i));
            (Vector128.WidenLower(eight) | noDistance).StoreUnsafe(ref tokens);
            (Vector128.WidenUpper(eight) | noDistance).StoreUnsafe(ref tokens, 4);
            i += 8;
        }
        while (i < count);
        return ref Unsafe.Add(ref at, count);
    }

    /// <summary>Puts a match of the greatest length, and as many as follow at the same distance: runs and large copies pass at the speed of comparing.</summary>
    /// <param name="at">Where the tokens go.</param>
    /// <param name="block">The whole block.</param>
    /// <param name="position">Where the match begins.</param>
    /// <param name="distance">How far back it is.</param>
    /// <param name="softEnd">Where to stop; the first match may reach beyond it.</param>
    /// <param name="next">Where the last match ends.</param>
    protected static ref Token PutStretch(ref Token at, ReadOnlySpan<byte> block, int position, int distance, int softEnd, out int next)
    {
        int left = Math.Max(softEnd - position, DeflateFormat.MaxMatch);
        left = block.Slice(position, left).CommonPrefixLength(block[(position - distance)..]);
        int length = DeflateFormat.MaxMatch;
        do
        {
            at = ref Put(ref at, Token.Match(length, distance));
            position += length;
            left -= length;
            length = Math.Min(left, DeflateFormat.MaxMatch);
        }
        while (length >= DeflateFormat.MinMatch);
        next = position;
        return ref at;
    }
}
