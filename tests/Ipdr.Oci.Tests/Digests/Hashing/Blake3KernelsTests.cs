using CsCheck;
using Ipdr.Oci.Digests.Hashing;

namespace Ipdr.Oci.Tests.Digests.Hashing;

/// <summary>The kernels alone: what content of a practical length never reaches.</summary>
public sealed class Blake3KernelsTests
{
    private const int Inputs = 2 * Blake3Kernels.MaxLanes;

    public static TheoryData<string> Kernels => [.. Blake3Content.Kernels.Select(kernel => kernel.ToString())];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Chunks_have_the_same_values_whatever_their_numbers(string kernel) =>
        Gen.OneOf(
            Gen.ULong[0, 1UL << 54],
            Gen.ULong[uint.MaxValue - (ulong)Inputs, uint.MaxValue + (ulong)Inputs]) // the low half overflows in the middle of the lanes
        .Sample(
            counter =>
            {
                byte[] chunks = Blake3Content.OfLength(Inputs * Blake3Constants.ChunkLength);
                return ChunkValues(Enum.Parse<Blake3Kernel>(kernel), chunks, counter)
                    .SequenceEqual(ChunkValues(Blake3Kernel.Scalar, chunks, counter));
            },
            iter: 100);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_chunk_has_the_value_that_it_has_alone(string kernel)
    {
        const ulong First = uint.MaxValue - 5UL;
        byte[] chunks = Blake3Content.OfLength(Inputs * Blake3Constants.ChunkLength);
        byte[] values = ChunkValues(Enum.Parse<Blake3Kernel>(kernel), chunks, First);
        byte[] alone = new byte[Blake3Constants.HashLength];
        for (int i = 0; i < Inputs; i++)
        {
            ReadOnlySpan<byte> chunk = chunks.AsSpan(i * Blake3Constants.ChunkLength, Blake3Constants.ChunkLength);
            Blake3Tail.HashChunk(chunk, First + (ulong)i, isRoot: false, alone);
            Assert.Equal(alone, values.AsSpan(i * Blake3Constants.HashLength, Blake3Constants.HashLength).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Parents_may_be_written_over_their_children(string kernel)
    {
        byte[] pairs = Blake3Content.OfLength(Inputs * Blake3Constants.BlockLength);
        byte[] expected = new byte[Inputs * Blake3Constants.HashLength];
        Blake3Kernels.HashParents(Blake3Kernel.Scalar, pairs, expected);

        foreach (int shift in (int[])[0, Blake3Constants.HashLength])
        {
            byte[] values = [.. pairs];
            Blake3Kernels.HashParents(Enum.Parse<Blake3Kernel>(kernel), values, values.AsSpan(shift));
            Assert.Equal(expected, values.AsSpan(shift, expected.Length).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Room_that_is_too_small_is_refused_before_anything_is_written_past_it(string kernel)
    {
        Blake3Kernel chosen = Enum.Parse<Blake3Kernel>(kernel);
        int lanes = Blake3Kernels.LanesOf(chosen);
        byte[] chunks = new byte[lanes * Blake3Constants.ChunkLength];
        byte[] values = new byte[lanes * Blake3Constants.HashLength - 1];
        Assert.ThrowsAny<ArgumentException>(() => Blake3Kernels.HashChunks(chosen, chunks, 0, values));
        Assert.ThrowsAny<ArgumentException>(() => Blake3Kernels.HashChunks(chosen, chunks.AsSpan(1), 0, new byte[values.Length + 1]));
        byte[] pairs = new byte[lanes * Blake3Constants.BlockLength];
        Assert.ThrowsAny<ArgumentException>(() => Blake3Kernels.HashParents(chosen, pairs, values));
    }

    [Fact]
    public void The_schedule_applies_one_permutation_again_and_again()
    {
        byte[] permutation = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]; // table 2 of the paper
        byte[] row = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        for (int round = 0; round < Blake3Constants.Rounds; round++)
        {
            Assert.Equal(row, Blake3Constants.Schedule.Slice(16 * round, 16).ToArray());
            row = [.. permutation.Select(i => row[i])];
        }
    }

    private static byte[] ChunkValues(Blake3Kernel kernel, byte[] chunks, ulong counter)
    {
        byte[] values = new byte[chunks.Length / Blake3Constants.ChunkLength * Blake3Constants.HashLength];
        Blake3Kernels.HashChunks(kernel, chunks, counter, values);
        return values;
    }
}
