using System.Diagnostics.CodeAnalysis;

namespace Ipdr.Oci.Digests.Hashing;

/// <summary>Several 32-bit words side by side, one for each of the inputs that are hashed at once.</summary>
/// <typeparam name="TSelf">The implementing struct: the compiler makes one body of code for each width.</typeparam>
internal interface ILanes<TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>How many words there are, hence how many inputs: a power of two, at most <see cref="Blake3Kernels.MaxLanes"/>.</summary>
    static abstract int Count { get; }

    /// <summary>The same word in each lane.</summary>
    static abstract TSelf Broadcast(uint word);

    /// <summary>One word for each lane, in order.</summary>
    static abstract TSelf Create(ReadOnlySpan<uint> words);

    /// <summary>The sum of each lane, modulo 2³².</summary>
    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>The exclusive or of each lane.</summary>
    static abstract TSelf operator ^(TSelf left, TSelf right);

    /// <summary>Each lane turned to the right by 16, 12, 8 or 7 bits.</summary>
    static abstract TSelf RotateRight(TSelf value, [ConstantExpected] byte bits);

    /// <summary>Reads one block of each input: word <c>w</c> of input <c>i</c> becomes lane <c>i</c> of <c>message[w]</c>.</summary>
    /// <param name="input">The block of the first input.</param>
    /// <param name="stride">Bytes from one input to the next.</param>
    /// <param name="message">The first of 16 vectors.</param>
    static abstract void ReadBlocks(ref readonly byte input, nint stride, ref TSelf message);

    /// <summary>Writes the eight words of each lane as 32 bytes, lane after lane.</summary>
    /// <param name="words">The first of 8 vectors.</param>
    /// <param name="output">Room for 32 × <see cref="Count"/> bytes.</param>
    static abstract void WriteValues(ref readonly TSelf words, ref byte output);
}
