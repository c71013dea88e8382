using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>The tokens of one region, in order.</summary>
/// <param name="regionLength">The most bytes that a region has, the overhang of its last match included.</param>
internal sealed class TokenBuffer(int regionLength)
{
    /// <summary>How many tokens behind its last one a parser may overwrite.</summary>
    public const int Slack = 8;

    private readonly Token[] _tokens = new Token[regionLength + Slack];
    private int _count;

    /// <summary>The tokens.</summary>
    public ReadOnlySpan<Token> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>Where the first token goes. A parser writes one after the other, and no more than its region has bytes.</summary>
    public ref Token Begin() => ref MemoryMarshal.GetArrayDataReference(_tokens);

    /// <summary>Ends before <paramref name="next"/>.</summary>
    public void End(ref Token next) => _count = (int)(Unsafe.ByteOffset(ref Begin(), ref next) / Unsafe.SizeOf<Token>());
}
