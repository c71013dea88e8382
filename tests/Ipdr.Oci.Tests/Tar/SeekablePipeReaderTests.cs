using System.Buffers;
using System.IO.Pipelines;
using CsCheck;
using Ipdr.Oci.Tar;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Tests.Tar;

public sealed class SeekablePipeReaderTests : IDisposable
{
    private const int Length = 700_001;

    private readonly byte[] _content = [.. Enumerable.Range(0, Length).Select(i => (byte)(i * 2654435761L >> 13))];
    private readonly SafeFileHandle _handle;

    public SeekablePipeReaderTests()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, _content);
        _handle = File.OpenHandle(path, options: FileOptions.DeleteOnClose);
    }

    public void Dispose() => _handle.Dispose();

    [Fact]
    public async Task Reading_and_skipping_in_any_steps_gives_the_file() => await Gen.Select(
            Gen.Int[0, 300_000], Gen.Int[0, 300_000], Gen.Select(Gen.Int[0, 2], Gen.Int[0, 90_000]).Array[1, 20])
        .SampleAsync(async (offset, stretch, steps) =>
        {
            SeekablePipeReader reader = new(_handle, offset, stretch);
            byte[] expected = _content[offset..(offset + stretch)];
            int position = 0;
            foreach ((int kind, int count) in steps)
            {
                if (kind == 0)
                {
                    Assert.Equal(Math.Min(count, expected.Length - position), reader.Skip(count));
                    position = Math.Min(position + count, expected.Length);
                    continue;
                }
                ReadResult read = kind == 1 ? await reader.ReadAsync() : await reader.ReadAtLeastAsync(count);
                int length = (int)read.Buffer.Length;
                Assert.True(read.Buffer.ToArray().AsSpan().SequenceEqual(expected.AsSpan(position, length)));
                Assert.True(read.IsCompleted || (kind == 1 ? length > 0 : length >= count));
                int taken = Math.Min(count, length);
                reader.AdvanceTo(read.Buffer.GetPosition(taken));
                position += taken;
            }
            await reader.CompleteAsync();
        });

    [Fact]
    public async Task It_reads_as_any_pipe_reader_does()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        SeekablePipeReader reader = new(_handle);
        MemoryStream copy = new();

        await reader.CopyToAsync(copy, token);

        Assert.True(copy.ToArray().AsSpan().SequenceEqual(_content));
    }

    [Fact]
    public async Task What_was_examined_and_not_consumed_comes_again_with_more()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        SeekablePipeReader reader = new(_handle);
        for (long before = 0; ;)
        {
            ReadResult read = await reader.ReadAsync(token);
            if (read.IsCompleted && read.Buffer.Length == before)
                break;
            Assert.True(read.Buffer.Length > before);
            before = read.Buffer.Length;
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
        reader.AdvanceTo(reader.TryRead(out ReadResult last) ? last.Buffer.End : default);
        Assert.Equal(_content.Length, last.Buffer.Length);
    }

    [Fact]
    public async Task What_was_not_examined_comes_again_at_once()
    {
        SeekablePipeReader reader = new(_handle);

        Assert.False(reader.TryRead(out _));
        ReadResult read = await reader.ReadAsync(TestContext.Current.CancellationToken);
        reader.AdvanceTo(read.Buffer.GetPosition(10));
        Assert.False(reader.TryRead(out _) && read.Buffer.Length == 10);
        read = await reader.ReadAsync(TestContext.Current.CancellationToken);
        reader.AdvanceTo(read.Buffer.Start, read.Buffer.Start);
        Assert.True(reader.TryRead(out ReadResult again));
        Assert.Equal(_content[10], again.Buffer.FirstSpan[0]);
    }

    [Theory]
    [InlineData(0, Length, Length)]
    [InlineData(0, Length + 1, Length)]
    [InlineData(0, long.MaxValue, Length)]
    [InlineData(Length, 5, 0)]
    [InlineData(Length + 99, 5, 0)]
    [InlineData(long.MaxValue, long.MaxValue, 0)]
    public void Skipping_past_the_end_tells_how_far_it_went(long offset, long count, long skipped) =>
        Assert.Equal(skipped, new SeekablePipeReader(_handle, offset).Skip(count));

    [Fact]
    public async Task Behind_the_end_there_is_nothing()
    {
        SeekablePipeReader reader = new(_handle, Length + 5);

        ReadResult read = await reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.True(read.IsCompleted && read.Buffer.IsEmpty);
    }

    [Fact]
    public async Task A_cancelled_read_is_given_as_cancelled_once()
    {
        SeekablePipeReader reader = new(_handle);
        reader.CancelPendingRead();

        ReadResult cancelled = await reader.ReadAsync(TestContext.Current.CancellationToken);
        reader.AdvanceTo(cancelled.Buffer.Start);
        ReadResult read = await reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal((true, false), (cancelled.IsCanceled, read.IsCanceled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reader.ReadAsync(new CancellationToken(true)));
    }

    [Fact]
    public async Task After_completion_nothing_can_be_done()
    {
        SeekablePipeReader reader = new(_handle);
        await reader.ReadAsync(TestContext.Current.CancellationToken);
        await reader.CompleteAsync();
        await reader.CompleteAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Throws<InvalidOperationException>(() => reader.TryRead(out _));
        Assert.Throws<InvalidOperationException>(() => reader.Skip(1));
    }

    [Fact]
    public void Numbers_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeekablePipeReader(_handle, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeekablePipeReader(_handle, 0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeekablePipeReader(_handle).Skip(-1));
    }
}
