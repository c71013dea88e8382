using CsCheck;
using Ipdr.Oci.Compression.Deflate;

namespace Ipdr.Oci.Tests.Compression.Deflate;

/// <summary>Codes are complete, within their limit, and as short as Huffman's where the limit does not matter.</summary>
public sealed class HuffmanCodeTests
{
    private static readonly Gen<int[]> Counts = Gen.OneOf(Gen.Int[0, 3], Gen.Int[0, 1_000], Gen.Int[0, 1 << 20]).Array[2, 286];

    [Theory]
    [InlineData(15)]
    [InlineData(9)]
    public void A_code_is_complete_and_within_its_limit(int limit) => Counts.Sample(counts =>
    {
        HuffmanCode code = Build(counts, limit);
        long sum = 0;
        foreach (byte length in code.Lengths)
            sum += length == 0 ? 0 : 1L << (limit - length);
        int used = counts.Count(count => count > 0);
        return sum == 1L << limit
            && code.Lengths.ToArray().Max() <= limit
            && Enumerable.Range(0, counts.Length).All(symbol => counts[symbol] == 0 || code.Lengths[symbol] > 0)
            && (used < 2 || code.Lengths.ToArray().Count(length => length > 0) == used);
    });

    [Fact]
    public void Fibonacci_s_numbers_are_cut_at_the_limit()
    {
        // The deepest tree that counts can make: each number is the sum of the two before.
        int[] counts = new int[25];
        for (int i = 0; i < counts.Length; i++)
            counts[i] = i < 2 ? 1 : counts[i - 1] + counts[i - 2];
        Assert.Equal(24, HuffmanDepth(counts));
        HuffmanCode code = Build(counts, 15);
        Assert.Equal(15, code.Lengths.ToArray().Max());
        Assert.Equal(1, code.Lengths[^1]);
    }

    [Fact]
    public void Without_a_limit_in_the_way_no_code_is_shorter() =>
        Gen.Int[0, 1_000].Array[2, 100].Where(counts => counts.Count(count => count > 0) > 1).Sample(counts =>
        {
            if (HuffmanDepth(counts) > 15)
                return true;
            HuffmanCode code = Build(counts, 15);
            return Enumerable.Range(0, counts.Length).Sum(symbol => (long)counts[symbol] * code.Lengths[symbol]) == HuffmanCost(counts);
        });

    [Fact]
    public void No_code_begins_with_another() => Counts.Sample(
        counts =>
        {
            HuffmanCode code = Build(counts, 15);
            HashSet<(int Length, int Bits)> codes = [];
            for (int symbol = 0; symbol < counts.Length; symbol++)
            {
                if (code.Lengths[symbol] > 0)
                    codes.Add((code.Lengths[symbol], code.Codes[symbol]));
            }
            return codes.All(one => Enumerable.Range(1, one.Length - 1).All(length => !codes.Contains((length, one.Bits & ((1 << length) - 1)))));
        },
        iter: 50);

    [Theory]
    [InlineData]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(29)]
    public void Fewer_than_two_symbols_still_make_a_complete_code(params int[] used)
    {
        int[] counts = new int[30];
        foreach (int symbol in used)
            counts[symbol] = 7;
        HuffmanCode code = Build(counts, 15);
        Assert.Equal(2, code.Lengths.ToArray().Count(length => length == 1));
        Assert.Equal(2, code.Lengths.ToArray().Count(length => length > 0));
        Assert.All(used, symbol => Assert.Equal(1, code.Lengths[symbol]));
    }

    private static HuffmanCode Build(int[] counts, int limit)
    {
        HuffmanCode code = new(counts.Length, limit);
        code.Build(counts);
        return code;
    }

    private static long HuffmanCost(int[] counts) => Joined(counts).Sum(node => node.Count);

    private static int HuffmanDepth(int[] counts) => Joined(counts).Max(node => node.Depth);

    private static List<(long Count, int Depth)> Joined(int[] counts)
    {
        PriorityQueue<int, long> queue = new();
        foreach (int count in counts.Where(count => count > 0))
            queue.Enqueue(0, count);
        List<(long Count, int Depth)> joined = [];
        while (queue.TryDequeue(out int depth, out long count) && queue.TryDequeue(out int otherDepth, out long otherCount))
        {
            joined.Add((count + otherCount, Math.Max(depth, otherDepth) + 1));
            queue.Enqueue(joined[^1].Depth, joined[^1].Count);
        }
        return joined;
    }
}
