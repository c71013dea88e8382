using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tests.Digests;

public sealed class VerifyingStreamTests
{
    private const string Where = "image.tar › blobs/sha256/00";

    private static readonly byte[] Content = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];

    public static TheoryData<ReadingWay> Ways => [.. Enum.GetValues<ReadingWay>()];

    public static TheoryData<ReadingWay, DigestAlgorithm, int> WaysAlgorithmsAndSteps
    {
        get
        {
            TheoryData<ReadingWay, DigestAlgorithm, int> data = [];
            foreach (ReadingWay way in Enum.GetValues<ReadingWay>())
            {
                foreach (DigestAlgorithm algorithm in Enum.GetValues<DigestAlgorithm>())
                {
                    foreach (int step in (int[])[1, 3, 1000])
                        data.Add(way, algorithm, step);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(WaysAlgorithmsAndSteps))]
    public async Task Content_as_promised_is_handed_out_and_verified(ReadingWay way, DigestAlgorithm algorithm, int step)
    {
        using VerifyingStream stream = Promise(Content, Digest.OfContent(algorithm, Content), Content.Length, step);
        Assert.False(stream.IsVerified);
        Assert.Equal(Content, await Reading.ToEndAsync(stream, way));
        Assert.True(stream.IsVerified);
        Assert.Equal(-1, stream.ReadByte());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Empty_content_is_verified_too(ReadingWay way)
    {
        using VerifyingStream stream = Promise([], Sha256([]), 0);
        Assert.Empty(await Reading.ToEndAsync(stream, way));
        Assert.True(stream.IsVerified);
    }

    [Fact]
    public void Content_is_not_verified_before_its_end_was_met()
    {
        using VerifyingStream stream = Promise(Content, Sha256(Content), Content.Length);
        stream.ReadExactly(new byte[Content.Length]);
        Assert.False(stream.IsVerified);
        Assert.Equal(0, stream.Read(new byte[1]));
        Assert.True(stream.IsVerified);
    }

    [Fact]
    public async Task Reading_into_no_room_neither_ends_nor_verifies()
    {
        using VerifyingStream stream = Promise([], Sha256([]), 0);
        Assert.Equal(0, stream.Read([]));
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty, TestContext.Current.CancellationToken));
        Assert.False(stream.IsVerified);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Every_flipped_byte_is_found(ReadingWay way)
    {
        for (int i = 0; i < Content.Length; i++)
        {
            byte[] damaged = [.. Content];
            damaged[i] ^= 0x10;
            using VerifyingStream stream = Promise(damaged, Sha256(Content), Content.Length);
            DigestMismatchException found = await Assert.ThrowsAsync<DigestMismatchException>(() => Reading.ToEndAsync(stream, way));
            Assert.Equal((Sha256(Content), Sha256(damaged)), (found.Expected, found.Actual));
            Assert.False(stream.IsVerified);
        }
    }

    [Fact]
    public void A_wrong_digest_is_one_fault_with_both_digests()
    {
        using VerifyingStream stream = Promise(Content, Sha256([]), Content.Length);
        DigestMismatchException found = Assert.Throws<DigestMismatchException>(() => stream.CopyTo(Stream.Null));
        Fault fault = Assert.Single(found.Faults);
        Assert.Equal(
            (FaultCode.DigestMismatch, Where, Sha256([]).ToString(), Sha256(Content).ToString()),
            (fault.Code, fault.Where, fault.Expected, fault.Actual));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Content_cut_anywhere_is_told_by_digest_and_by_size(ReadingWay way)
    {
        for (int length = 0; length < Content.Length; length++)
        {
            using VerifyingStream stream = Promise(Content[..length], Sha256(Content), Content.Length);
            DigestMismatchException found = await Assert.ThrowsAsync<DigestMismatchException>(() => Reading.ToEndAsync(stream, way));
            Assert.Equal([FaultCode.DigestMismatch, FaultCode.SizeMismatch], found.Faults.Select(fault => fault.Code));
            Assert.Equal(("100 bytes", $"{length} bytes", Where), (found.Faults[1].Expected, found.Faults[1].Actual, found.Faults[1].Where));
        }
    }

    [Theory]
    [InlineData(101)]
    [InlineData(long.MaxValue)]
    public void The_right_content_under_too_large_a_size_is_a_wrong_size(long size)
    {
        using VerifyingStream stream = Promise(Content, Sha256(Content), size);
        SizeMismatchException found = Assert.Throws<SizeMismatchException>(() => stream.CopyTo(Stream.Null));
        Assert.Equal((size, 100, FaultCode.SizeMismatch, Where), (found.Expected, found.Actual, found.Fault.Code, found.Fault.Where));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Content_that_goes_on_is_refused_one_byte_past_its_promised_end(ReadingWay way)
    {
        for (int size = 0; size < Content.Length; size++)
        {
            SteppingStream source = new(Content, 1000);
            using VerifyingStream stream = new(source, Sha256(Content[..size]), size, Where);
            SizeMismatchException found = await Assert.ThrowsAsync<SizeMismatchException>(() => Reading.ToEndAsync(stream, way));
            Assert.Equal((size, size + 1L, $"at least {size + 1} bytes"), (found.Expected, found.Actual, found.Fault.Actual));
            Assert.Equal(size + 1, source.Given);
            Assert.False(stream.IsVerified);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task After_a_mismatch_no_read_looks_like_the_end(ReadingWay way)
    {
        using VerifyingStream stream = Promise(Content, Sha256([]), Content.Length);
        Exception first = await Assert.ThrowsAsync<DigestMismatchException>(() => Reading.ToEndAsync(stream, way));
        Exception second = await Assert.ThrowsAsync<DigestMismatchException>(() => Reading.ToEndAsync(stream, way));
        Assert.Same(first, second);
    }

    [Fact]
    public async Task Cancelling_stops_the_read_and_the_next_one_goes_on()
    {
        SteppingStream source = new(Content, 30);
        using VerifyingStream stream = new(source, Sha256(Content), Content.Length, Where);
        Assert.Equal(30, await stream.ReadAsync(new byte[50], TestContext.Current.CancellationToken));

        using CancellationTokenSource gaveUp = new();
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.ReadExactlyAsync(new byte[50], gaveUp.Token).AsTask());

        Assert.Equal(Content[30..], await Reading.ToEndAsync(stream, ReadingWay.Memory));
        Assert.True(stream.IsVerified);
    }

    [Fact]
    public async Task The_source_can_hear_of_a_cancellation_while_it_reads()
    {
        SteppingStream source = new(Content, 30);
        using VerifyingStream stream = new(source, Sha256(Content), Content.Length, Where);
        using CancellationTokenSource mayGiveUp = new();
        await stream.ReadExactlyAsync(new byte[1], mayGiveUp.Token);
        Assert.Equal(mayGiveUp.Token, source.LastToken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_source_is_disposed_of_unless_it_is_left_open(bool leaveOpen)
    {
        SteppingStream now = new(Content, 30), later = new(Content, 30);
        new VerifyingStream(now, Sha256(Content), Content.Length, Where, leaveOpen).Dispose();
        await new VerifyingStream(later, Sha256(Content), Content.Length, Where, leaveOpen).DisposeAsync();
        Assert.Equal((!leaveOpen, !leaveOpen), (now.IsDisposed, later.IsDisposed));
    }

    [Fact]
    public void A_disposed_stream_is_not_read()
    {
        VerifyingStream stream = Promise(Content, Sha256(Content), Content.Length);
        stream.Dispose();
        Assert.False(stream.CanRead);
        Assert.Throws<ObjectDisposedException>(() => stream.ReadByte());
    }

    [Fact]
    public void It_neither_seeks_nor_writes()
    {
        using VerifyingStream stream = Promise(Content, Sha256(Content), Content.Length);
        Assert.Equal((true, false, false), (stream.CanRead, stream.CanSeek, stream.CanWrite));
        Assert.Throws<NotSupportedException>(() => stream.Length);
        Assert.Throws<NotSupportedException>(() => stream.Position);
        Assert.Throws<NotSupportedException>(() => stream.Position = 0);
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(0));
        Assert.Throws<NotSupportedException>(() => stream.Write([1], 0, 1));
        stream.Flush();
    }

    [Fact]
    public void A_promise_that_cannot_be_kept_is_refused()
    {
        SteppingStream source = new(Content, 1);
        Assert.Throws<ArgumentException>("expected", () => new VerifyingStream(source, default, 1, Where));
        Assert.Throws<ArgumentOutOfRangeException>("size", () => new VerifyingStream(source, Sha256(Content), -1, Where));
        source.Dispose();
        Assert.Throws<ArgumentException>("source", () => new VerifyingStream(source, Sha256(Content), 1, Where));
    }

    private static Digest Sha256(byte[] content) => Digest.OfContent(DigestAlgorithm.Sha256, content);

    private static VerifyingStream Promise(byte[] content, Digest digest, long size, int step = 1000) =>
        new(new SteppingStream(content, step), digest, size, Where);
}
