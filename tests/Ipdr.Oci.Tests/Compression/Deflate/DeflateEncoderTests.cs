using CsCheck;
using Ipdr.Oci.Compression.Deflate;

namespace Ipdr.Oci.Tests.Compression.Deflate;

/// <summary>Whatever is compressed comes back, at every level.</summary>
public sealed class DeflateEncoderTests
{
    private const int Segment = 64 << 10;
    private const int Region = 256 << 10;
    private const int Block = 1 << 20;

    public static TheoryData<int> Levels => [.. Enumerable.Range(DeflateLevel.Min, DeflateLevel.Max - DeflateLevel.Min + 1)];

    public static MatrixTheoryData<int, string> LevelsAndKinds => new(Enumerable.Range(DeflateLevel.Min, DeflateLevel.Max - DeflateLevel.Min + 1), Sample.Kinds);

    [Theory]
    [MemberData(nameof(LevelsAndKinds))]
    public void Content_of_every_kind_comes_back(int level, string kind)
    {
        DeflateEncoder encoder = DeflateLevel.CreateEncoder(level);
        foreach (int length in (int[])[1, 2, 3, 4, 7, 8, 9, 257, 258, 259, 1_000, Segment - 1, Segment, Segment + 1, Region - 1, Region + 1, 700_001, Block - 1, Block])
        {
            byte[] content = Sample.OfLength(kind, length);
            Assert.Equal(content, Inflated.Of(encoder, content));
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Short_content_of_every_length_comes_back(int level)
    {
        DeflateEncoder encoder = DeflateLevel.CreateEncoder(level);
        foreach (string kind in Sample.Kinds)
        {
            byte[][] blocks = [.. Enumerable.Range(1, 300).Select(length => Sample.OfLength(kind, length))];
            Assert.Equal(blocks.SelectMany(block => block), Inflated.Of(encoder, blocks));
        }
    }

    /// <summary>Literals, copies of what came before at any distance, and runs: what a decoder makes of tokens.</summary>
    [Theory]
    [MemberData(nameof(Levels))]
    public void Content_made_of_copies_comes_back(int level)
    {
        Gen<(int Kind, int Length, int Distance)> step = Gen.Select(
            Gen.Int[0, 3],
            Gen.OneOf(Gen.Int[1, 12], Gen.Int[1, 300], OneOf(257, 258, 259, 515, 516, 517, 774, 5_000)),
            Gen.OneOf(Gen.Int[1, 8], Gen.Int[1, 4_100], OneOf(32_766, 32_767, 32_768, 32_769, 65_535, 65_536, 65_537)));
        step.List[1, 400].Sample(
            steps =>
            {
                byte[] content = Compose(steps);
                return Inflated.Of(DeflateLevel.CreateEncoder(level), content).AsSpan().SequenceEqual(content);
            },
            iter: 60);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Random_content_comes_back(int level) =>
        Gen.Select(Gen.Int[1, 20_000], Gen.Int[1, 256], Gen.UInt).Sample(
            (length, alphabet, seed) =>
            {
                byte[] content = new byte[length];
                foreach (ref byte value in content.AsSpan())
                    value = (byte)(((seed = (seed * 1_664_525) + 1_013_904_223) >> 8) % (uint)alphabet);
                return Inflated.Of(DeflateLevel.CreateEncoder(level), content).AsSpan().SequenceEqual(content);
            },
            iter: 60);

    /// <summary>Long keys that differ late, near the borders of regions and of the window: where a search that takes equals for the same goes wrong.</summary>
    [Theory]
    [MemberData(nameof(Levels))]
    public void Content_that_repeats_with_variations_comes_back(int level)
    {
        DeflateEncoder used = DeflateLevel.CreateEncoder(level);
        foreach (uint seed in (uint[])[26, 36, 297, 304, Gen.UInt.Single()])
        {
            byte[] content = Sample.Variations(600_000, seed);
            Assert.True(Inflated.Of(used, content).AsSpan().SequenceEqual(content), $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Output_depends_on_the_block_alone(int level)
    {
        DeflateEncoder used = DeflateLevel.CreateEncoder(level);
        byte[] before = Sample.OfLength("mixed", Block);
        foreach (string kind in Sample.Kinds)
        {
            byte[] content = Sample.OfLength(kind, 150_000);
            byte[] fresh = Inflated.Compressed(DeflateLevel.CreateEncoder(level), content);
            Inflated.Compressed(used, before);
            Assert.Equal(fresh, Inflated.Compressed(used, content));
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void What_does_not_compress_grows_by_less_than_a_thousandth(int level)
    {
        byte[] content = Sample.OfLength("random", Block);
        Assert.InRange(Inflated.Compressed(DeflateLevel.CreateEncoder(level), content).Length, Block, Block + (Block / 1000));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Zeros_shrink_to_what_the_format_allows(int level)
    {
        // 258 bytes a match, which takes two bits at best.
        int best = Block / 258 * 2 / 8;
        Assert.InRange(Inflated.Compressed(DeflateLevel.CreateEncoder(level), new byte[Block]).Length, best, best + 200);
    }

    /// <summary>On content that levels were made for: the sources of this project, and a program.</summary>
    [Fact]
    public void A_higher_level_is_smaller()
    {
        byte[] content = [.. Directory.EnumerateFiles(Path.Combine(Fixtures.Root, "src"), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes), .. File.ReadAllBytes(typeof(DeflateEncoder).Assembly.Location)];
        int[] lengths = [.. Enumerable.Range(DeflateLevel.Min, DeflateLevel.Max).Select(level => Blocks(content).Sum(block => Inflated.Compressed(DeflateLevel.CreateEncoder(level), block).Length))];
        Assert.Equal(lengths.OrderDescending(), lengths);
    }

    private static Gen<int> OneOf(params int[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static IEnumerable<byte[]> Blocks(byte[] content) => content.Chunk(Block);

    private static byte[] Compose(List<(int Kind, int Length, int Distance)> steps)
    {
        List<byte> content = [];
        uint state = 1;
        foreach ((int kind, int length, int distance) in steps)
        {
            for (int i = 0; i < length; i++)
            {
                state = (state * 1_664_525) + 1_013_904_223;
                content.Add(kind switch
                {
                    0 => (byte)(state >> 24),
                    1 when content.Count > 0 => content[^1],
                    _ when content.Count >= distance => content[^distance],
                    _ => (byte)((state >> 24) & 3),
                });
            }
        }
        return [.. content];
    }
}
