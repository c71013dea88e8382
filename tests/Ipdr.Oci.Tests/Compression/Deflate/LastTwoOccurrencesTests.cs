using System.Buffers.Binary;
using Ipdr.Oci.Compression.Deflate;

namespace Ipdr.Oci.Tests.Compression.Deflate;

/// <summary>Distances are those of the two positions that were entered last in the same place, where they have the same four bytes.</summary>
public sealed class LastTwoOccurrencesTests
{
    private const int Behind = sizeof(uint) - 1;
    private const int MaxDistance = Parser.MaxDistance;
    private const int Never = int.MinValue / 2;

    public static TheoryData<string> Kinds => [.. Sample.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Positions_find_the_last_two_in_their_place_that_have_their_word(string kind)
    {
        byte[] content = Sample.OfLength(kind, 300_001);
        int[] batches = [LastTwoOccurrences.MaxBatch, 1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 1_000, LastTwoOccurrences.MaxBatch - 1];
        Dictionary<uint, (int Newer, int Older)> places = [];
        LastTwoOccurrences occurrences = new();
        int position = 0, end = content.Length - Behind;
        for (int turn = 0; position < end; turn++)
        {
            int count = Math.Min(batches[turn % batches.Length], end - position);
            LastTwoOccurrences.Batch batch = occurrences.Find(ref content[0], position, count);
            for (int i = 0; i < count; i++, position++)
            {
                uint place = unchecked(WordAt(content, position) * Parser.HashFactor) >> 16;
                (int newer, int older) = places.GetValueOrDefault(place, (Never, Never));
                bool isNewer = Check(content, position, newer, batch.NewerOf(i)), isOlder = Check(content, position, older, batch.OlderOf(i));
                ulong marks = batch.From(i);
                Assert.Equal(isNewer || isOlder, (marks & 1) != 0);
                Assert.Equal(0ul, count - i < 64 ? marks >> (count - i) : 0);
                places[place] = (position, newer);
            }
        }
    }

    [Fact]
    public void Nothing_is_known_behind_a_batch_nor_after_it_was_cleared()
    {
        byte[] content = new byte[2_000];
        LastTwoOccurrences occurrences = new();
        LastTwoOccurrences.Batch batch = occurrences.Find(ref content[0], 0, 1_900);
        Assert.Equal(1u, batch.NewerOf(1_899));
        Assert.Equal(2u, batch.OlderOf(1_899));
        batch = occurrences.Find(ref content[0], 1_900, 10);
        Assert.Equal(0b11_1111_1111ul, batch.From(0));
        Assert.Equal(0u, batch.NewerOf(10));
        Assert.Equal(0u, batch.OlderOf(10));
        occurrences.Clear();
        Assert.Equal(0ul, occurrences.Find(ref content[0], 5, 1).From(0));
    }

    // Whether the distance is of use; then it leads to the block, and to where the word was entered if that is its word.
    private static bool Check(byte[] content, int position, int entered, uint distance)
    {
        bool isUsable = distance is >= 1 and <= MaxDistance;
        if (entered >= 0 && position - entered <= MaxDistance && WordAt(content, entered) == WordAt(content, position))
            Assert.Equal((uint)(position - entered), distance);
        else if (isUsable)
            Assert.NotEqual(WordAt(content, position - (int)distance), WordAt(content, position));
        if (isUsable)
            Assert.InRange(distance, 1u, (uint)position);
        return isUsable;
    }

    private static uint WordAt(byte[] content, int position) => BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(position));
}
