using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tests.Tar;

public sealed class TarFeedTests
{
    /// <summary>Bytes of a body that are read, more than one hole of the sparse members and not all of it.</summary>
    private const int SomeBytes = 1500;

    public static TheoryData<FeedKind> Kinds => Feed.Kinds;

    [Fact]
    public async Task Every_form_of_member_is_read()
    {
        TarReading reading = await TarReading.OfAsync(Zoo.Bytes);

        Assert.Null(reading.Fault);
        Assert.Equal(
            ["plain", "v7", "v7dir/", "gnu", "some/prefix/name", "dir/", "symlink", "hardlink", "device", "fifo", "päx", new string('n', 700),
                "holes", "holes", "holes", "holes", "other", "last"],
            reading.Entries.Select(entry => entry.Name));
        Assert.Equal(Zoo.Bytes.Length, reading.Position);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_result_does_not_depend_on_how_the_bytes_arrive(FeedKind kind)
    {
        await using Feed feed = Feed.Open(kind, Zoo.Bytes);

        Assert.Equal((await TarReading.OfAsync(Zoo.Bytes)).ToString(), (await TarReading.OfAsync(feed.Input)).ToString());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_result_does_not_depend_on_the_size_of_the_callers_buffer(FeedKind kind)
    {
        await using Feed feed = Feed.Open(kind, Zoo.Bytes);

        Assert.Equal((await TarReading.OfAsync(Zoo.Bytes)).ToString(), (await TarReading.OfAsync(feed.Input, bufferSize: 3)).ToString());
    }

    [Theory]
    [InlineData(FeedKind.Whole)]
    [InlineData(FeedKind.OneByteASegment)]
    public async Task An_archive_cut_off_anywhere_gives_a_truncation_or_what_stands_before_the_cut(FeedKind kind)
    {
        List<string> whole = [.. (await TarReading.OfAsync(Zoo.Bytes)).Entries.Select(entry => entry.Name)];
        int step = kind == FeedKind.Whole ? 1 : 127;
        for (int length = 1; length < Zoo.Bytes.Length; length += step)
        {
            await using Feed feed = Feed.Open(kind, Zoo.Bytes[..length]);
            TarReading reading = await TarReading.OfAsync(feed.Input, maxBody: SomeBytes);

            Assert.True(reading.Fault is null ? length % 512 == 0 || reading.End == Ipdr.Oci.Tar.TarEnd.OneEndBlock
                : reading.Fault.Code == FaultCode.Truncated, $"{length}: {reading.Fault}");
            Assert.Equal(whole.Take(reading.Entries.Count), reading.Entries.Select(entry => entry.Name));
        }
    }
}
