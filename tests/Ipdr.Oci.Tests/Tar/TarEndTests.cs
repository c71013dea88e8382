using System.IO.Pipelines;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Tests.Tar;

public sealed class TarEndTests
{
    [Theory]
    [InlineData(0, TarEnd.NoEndBlocks)]
    [InlineData(1, TarEnd.OneEndBlock)]
    [InlineData(2, TarEnd.EndBlocks)]
    [InlineData(20, TarEnd.EndBlocks)]
    public async Task An_archive_may_end_in_any_number_of_zero_blocks(int blocks, TarEnd end)
    {
        TarReading reading = await TarReading.OfAsync(new TarBuilder().File("a", "b").Raw(new byte[512 * blocks]));

        Assert.Null(reading.Fault);
        Assert.Equal((end, 0L), (reading.End, reading.Trailing));
    }

    [Theory]
    [InlineData(FeedKind.Whole)]
    [InlineData(FeedKind.DrippingStream)]
    [InlineData(FeedKind.File)]
    public async Task Draining_counts_what_follows_the_end_and_is_not_zero(FeedKind kind)
    {
        await using Feed feed = Feed.Open(kind, new TarBuilder().File("a", "b").End().Raw(new byte[5000]).Raw([1, 0, 2, 0, 3]).ToArray());

        TarReading reading = await TarReading.OfAsync(feed.Input);

        Assert.Equal((TarEnd.EndBlocks, 2048L, 3L), (reading.End, reading.Position, reading.Trailing));
    }

    [Fact]
    public async Task One_zero_block_ends_the_archive_even_if_a_header_follows()
    {
        TarReading reading = await TarReading.OfAsync(new TarBuilder().File("a", "b").Raw(new byte[512]).File("hidden", "c"));

        Assert.Equal("a", reading.Single.Name);
        Assert.Equal(TarEnd.OneEndBlock, reading.End);
        Assert.True(reading.Trailing > 0);
    }

    [Fact]
    public async Task An_empty_input_is_an_archive_without_members()
    {
        TarReading reading = await TarReading.OfAsync([]);

        Assert.Empty(reading.Entries);
        Assert.Equal((TarEnd.NoEndBlocks, 0L, (Fault?)null), (reading.End, reading.Position, reading.Fault));
    }

    [Fact]
    public async Task After_the_end_there_is_nothing_more_and_draining_again_says_the_same()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        TarReader reader = new(PipeReader.Create(new(new TarBuilder().End().Raw([7]).ToArray())));

        Assert.Equal(TarEnd.Unknown, reader.End);
        Assert.Null(await reader.ReadNextAsync(token));
        Assert.Null(await reader.ReadNextAsync(token));
        Assert.Equal(0, await reader.ReadBodyAsync(new byte[1], token));
        Assert.Equal(1, await reader.DrainAsync(token));
        Assert.Equal(1, await reader.DrainAsync(token));
        Assert.Equal(1025, reader.Position);
    }

    [Fact]
    public async Task Draining_before_the_end_is_a_mistake() => await Assert.ThrowsAsync<InvalidOperationException>(
        async () => await new TarReader(PipeReader.Create(new(Zoo.Bytes))).DrainAsync(TestContext.Current.CancellationToken));

    [Theory]
    [InlineData(100, "byte 100", "512 bytes", "100 bytes")]
    [InlineData(512 + 3, "member \"abc\" › byte 515", "1000 bytes", "3 bytes")]
    [InlineData(512 + 1000, "member \"abc\" › byte 1512", "24 bytes", "0 bytes")]
    [InlineData(512 + 1023, "member \"abc\" › byte 1535", "24 bytes", "23 bytes")]
    [InlineData(1536 + 511, "byte 2047", "512 bytes", "511 bytes")]
    public async Task A_truncation_says_where_and_how_much_was_promised_and_found(int length, string where, string expected, string actual)
    {
        byte[] archive = new TarBuilder().Header("abc", size: 1000).Body(new byte[1000]).File("d", "").ToArray();

        foreach (FeedKind kind in Enum.GetValues<FeedKind>())
        {
            await using Feed feed = Feed.Open(kind, archive[..length]);
            // Once with the body read and once with it skipped.
            Fault? fault = (await TarReading.OfAsync(feed.Input, maxBody: kind == FeedKind.Whole ? 9999 : 0)).Fault;
            Assert.Equal((FaultCode.Truncated, where, expected, actual), (fault?.Code, fault?.Where, fault?.Expected, fault?.Actual));
        }
    }

    [Fact]
    public async Task A_failed_reader_keeps_failing_with_the_same_fault()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        TarReader reader = new(PipeReader.Create(new(new byte[] { 0x1f, 0x8b, 8 })));

        TarFormatException first = await Assert.ThrowsAsync<TarFormatException>(async () => await reader.ReadNextAsync(token));
        TarFormatException second = await Assert.ThrowsAsync<TarFormatException>(async () => await reader.ReadNextAsync(token));
        await Assert.ThrowsAsync<TarFormatException>(async () => await reader.ReadBodyAsync(new byte[1], token));
        await Assert.ThrowsAsync<TarFormatException>(async () => await reader.DrainAsync(token));

        Assert.Equal(first.Fault, second.Fault);
    }

    [Fact]
    public async Task A_cancelled_token_stops_the_reading()
    {
        TarReader reader = new(PipeReader.Create(new(Zoo.Bytes)));
        CancellationToken cancelled = new(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reader.ReadNextAsync(cancelled));
        Assert.NotNull(await reader.ReadNextAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reader.ReadBodyAsync(new byte[1], cancelled));
    }

    [Fact]
    public async Task A_cancelled_pending_read_stops_the_reading_and_loses_nothing()
    {
        Pipe pipe = new();
        TarReader reader = new(pipe.Reader);
        Task<TarEntry?> waiting = reader.ReadNextAsync(TestContext.Current.CancellationToken).AsTask();
        pipe.Reader.CancelPendingRead();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await pipe.Writer.WriteAsync(Zoo.Bytes, TestContext.Current.CancellationToken);
        Assert.Equal("plain", (await reader.ReadNextAsync(TestContext.Current.CancellationToken))?.Name);
    }
}
