using System.Runtime.InteropServices;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Searches many positions before it decides on any, so that deciding passes over literals by counting bits instead of asking at each.</summary>
internal abstract class BatchParser : Parser
{
    /// <summary>The most positions of a batch: few enough for what is known of them to stay in the processor's nearer caches.</summary>
    public const int MaxBatch = 16 << 10;

    public sealed override int Parse(ReadOnlySpan<byte> block, int position, int softEnd, int end, TokenBuffer tokens)
    {
        ref Token output = ref tokens.Begin();
        int last = Math.Min(softEnd, end - Margin);
        while (position < last)
            output = ref ParseBatch(ref output, block, ref position, Math.Min(position + MaxBatch, last), softEnd, end);
        if (softEnd == end)
        {
            output = ref PutLiterals(ref output, ref MemoryMarshal.GetReference(block), position, end);
            position = end;
        }
        tokens.End(ref output);
        return position;
    }

    /// <summary>Parses from <paramref name="position"/> to the end of a batch, or to that of the last match.</summary>
    /// <param name="output">Where the tokens go.</param>
    /// <param name="block">The whole block.</param>
    /// <param name="position">The batch's first position; then where the tokens end.</param>
    /// <param name="batchEnd">The end of the positions that are searched.</param>
    /// <param name="softEnd">Where a stretch stops.</param>
    /// <param name="end">Where a match stops.</param>
    /// <returns>Where the next token goes.</returns>
    protected abstract ref Token ParseBatch(ref Token output, ReadOnlySpan<byte> block, scoped ref int position, int batchEnd, int softEnd, int end);
}
