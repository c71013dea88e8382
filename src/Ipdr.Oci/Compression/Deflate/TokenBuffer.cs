namespace Ipdr.Oci.Compression.Deflate;

/// <summary>The tokens of one region, in order.</summary>
/// <param name="regionLength">The most bytes that a region has, the overhang of its last match included.</param>
internal sealed class TokenBuffer(int regionLength)
{
    private readonly Token[] _tokens = new Token[regionLength];

    /// <summary>Room for a region of literals only.</summary>
    public Span<Token> Room => _tokens;

    /// <summary>How many tokens there are.</summary>
    public int Count { get; set; }

    /// <summary>The tokens.</summary>
    public ReadOnlySpan<Token> Tokens => _tokens.AsSpan(0, Count);
}
