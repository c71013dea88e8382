using System.Buffers.Binary;
using Ipdr.Oci.Compression.Deflate;

namespace Ipdr.Oci.Tests.Compression.Deflate;

/// <summary>Distances are those of the last place with the same four bytes, unless another word took its entry, and never reach before the block.</summary>
public sealed class LastOccurrencesTests
{
    private const int Behind = sizeof(uint) - 1;
    private const int MaxDistance = Parser.MaxDistance;

    public static TheoryData<string> Kinds => [.. Sample.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Positions_find_the_last_place_with_their_word(string kind)
    {
        byte[] content = Sample.OfLength(kind, 300_001);
        int[] distances = DistancesIn(content, [LastOccurrences.MaxBatch, 1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 1_000, LastOccurrences.MaxBatch - 1]);
        Dictionary<uint, int> words = [];
        Dictionary<uint, uint> entries = [];
        for (int position = 0; position < distances.Length; position++)
        {
            uint word = WordAt(content, position), entry = unchecked(word * Parser.HashFactor) >> 16;
            bool isKnown = words.TryGetValue(word, out int before) && entries[entry] == word && position - before <= MaxDistance;
            if (isKnown)
                Assert.Equal(position - before, distances[position]);
            else if (distances[position] != 0)
                Assert.NotEqual(word, WordAt(content, position - distances[position]));
            words[word] = position;
            entries[entry] = word;
        }
    }

    [Fact]
    public void What_another_word_left_far_back_may_be_taken_for_the_word_but_is_no_match()
    {
        // The same index, and a lower half that is one less: over 65,536 and 100 bytes that looks like 100.
        const uint First = 0x4321_8000, Second = First - 0x0001;
        uint inverse = InverseOf(Parser.HashFactor);
        byte[] content = Sample.OfLength("random", 200_000);
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(50_000), unchecked(First * inverse));
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(50_000 + 65_636), unchecked(Second * inverse));
        // What entered the same place in between would hide it.
        for (int position = 50_001; position < 50_000 + 65_636; position++)
        {
            if (unchecked(WordAt(content, position) * Parser.HashFactor) >> 16 == First >> 16)
                content[position]++;
        }
        Assert.Equal(100, DistancesIn(content, [LastOccurrences.MaxBatch])[50_000 + 65_636]);
        foreach (int level in (int[])[1, 2, 3])
            Assert.Equal(content, Inflated.Of(DeflateLevel.CreateEncoder(level), content));
    }

    [Fact]
    public void Nothing_is_known_behind_a_batch_nor_after_it_was_cleared()
    {
        byte[] content = new byte[2_000];
        LastOccurrences occurrences = new();
        Assert.Equal(1u, occurrences.Find(ref content[0], 0, 1_900).DistanceOf(1_899));
        LastOccurrences.Batch batch = occurrences.Find(ref content[0], 1_900, 10);
        Assert.Equal(0b11_1111_1111ul, batch.From(0));
        Assert.Equal(0u, batch.DistanceOf(10));
        occurrences.Clear();
        Assert.Equal(0ul, occurrences.Find(ref content[0], 5, 1).From(0));
    }

    // 0 where nothing is of use; looks at the marks and the distances both.
    private static int[] DistancesIn(byte[] content, int[] batches)
    {
        LastOccurrences occurrences = new();
        int[] distances = new int[content.Length - Behind];
        int position = 0;
        for (int turn = 0; position < distances.Length; turn++)
        {
            int count = Math.Min(batches[turn % batches.Length], distances.Length - position);
            LastOccurrences.Batch batch = occurrences.Find(ref content[0], position, count);
            for (int i = 0; i < count; i++)
            {
                uint distance = batch.DistanceOf(i);
                bool isUsable = distance is >= 1 and <= MaxDistance;
                ulong marks = batch.From(i);
                Assert.Equal(isUsable, (marks & 1) != 0);
                Assert.Equal(0ul, count - i < 64 ? marks >> (count - i) : 0);
                if (!isUsable)
                    continue;
                Assert.InRange(distance, 1u, (uint)(position + i));
                distances[position + i] = (int)distance;
            }
            position += count;
        }
        return distances;
    }

    private static uint WordAt(byte[] content, int position) => BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(position));

    // Of an odd number, modulo 2^32: each step doubles the bits that are right, three at first.
    private static uint InverseOf(uint number)
    {
        uint inverse = number;
        for (int step = 0; step < 4; step++)
            inverse = unchecked(inverse * (2 - (number * inverse)));
        return inverse;
    }
}
