using System.IO.Compression;
using CsCheck;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Tests.Compression.Deflate;

namespace Ipdr.Oci.Tests.Compression;

/// <summary>Bytes depend on the settings and the content: not on cores, not on how the content arrives.</summary>
public sealed class ParallelCompressorTests
{
    private const int Block = 1 << 20;

    public static TheoryData<CompressionFormat> Formats => [CompressionFormat.Gzip, CompressionFormat.Zstd];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Content_around_the_edges_of_blocks_comes_back(CompressionFormat format)
    {
        CompressionSettings settings = new(format);
        int block = settings.Recipe.BlockSize;
        foreach (int length in (int[])[0, 1, block - 1, block, block + 1, (2 * block) - 1, 2 * block, (2 * block) + 1])
        {
            byte[] content = Sample.OfLength("mixed", length);
            byte[] compressed = await CompressAsync(settings, content, cores: 2, step: int.MaxValue);
            Assert.Equal(format, CompressionDetector.Detect(compressed));
            Assert.Equal(content, await DecompressAsync(compressed, format));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task The_bytes_are_the_same_on_any_number_of_cores_and_however_reads_are_cut(CompressionFormat format)
    {
        byte[] content = Sample.OfLength("mixed", (9 * Block) + 12_345);
        byte[] expected = await CompressAsync(new CompressionSettings(format), content, cores: 1, step: int.MaxValue);
        foreach ((int cores, int step) in (ValueTuple<int, int>[])[(1, 4_095), (2, 65_536), (3, Block + 1), (8, 1_000_003), (17, int.MaxValue)])
            Assert.Equal(expected, await CompressAsync(new CompressionSettings(format), content, cores, step));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Whoever_compresses_first_does_not_change_what_comes_after(CompressionFormat format)
    {
        byte[] content = Sample.OfLength("text", Block + 1);
        ParallelCompressor compressor = new(new CompressionSettings(format), 2);
        byte[] expected = await CompressAsync(compressor, content, int.MaxValue);
        byte[][] again = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => CompressAsync(compressor, i % 2 == 0 ? content : Sample.OfLength("binary", 2 * Block), 10_000)));
        Assert.Equal(expected, again[0]);
        Assert.Equal(expected, again[2]);
    }

    /// <summary>Matches that would reach across the edge of a block, at every distance that matters.</summary>
    [Fact]
    public void Copies_across_the_edge_of_a_block_come_back() => Gen.Select(Gen.Int[0, 300], Gen.Int[1, 40_000]).Sample(
        (before, distance) =>
        {
            byte[] content = Sample.OfLength("random", Block + 2_000);
            content.AsSpan(Block - before - distance, 600).CopyTo(content.AsSpan(Block - before));
            byte[] compressed = CompressAsync(new CompressionSettings(CompressionFormat.Gzip), content, 1, int.MaxValue).GetAwaiter().GetResult();
            return DecompressAsync(compressed, CompressionFormat.Gzip).GetAwaiter().GetResult().AsSpan().SequenceEqual(content);
        },
        iter: 20);

    [Fact]
    public async Task Both_sinks_see_everything_in_order()
    {
        byte[] content = Sample.OfLength("mixed", (5 * Block) + 7);
        using MemoryStream plain = new(), compressed = new();
        CompressionResult result = await new ParallelCompressor(new CompressionSettings(CompressionFormat.Gzip), 4)
            .RunAsync(new MemoryStream(content).ReadAsync, (bytes, _) => Write(plain, bytes), (bytes, _) => Write(compressed, bytes), TestContext.Current.CancellationToken);
        Assert.Equal(content, plain.ToArray());
        Assert.Equal(new CompressionResult(content.Length, compressed.Length), result);
    }

    [Fact]
    public async Task A_slow_sink_holds_the_source_back()
    {
        ParallelCompressor compressor = new(new CompressionSettings(CompressionFormat.Gzip), 2);
        TaskCompletionSource opened = new();
        long read = 0;
        Task<CompressionResult> run = compressor.RunAsync(
            (memory, _) =>
            {
                int count = (int)Math.Min(memory.Length, (100L * Block) - read);
                read += count;
                return ValueTask.FromResult(count);
            },
            (_, _) => ValueTask.CompletedTask,
            async (_, token) => await opened.Task.WaitAsync(token),
            TestContext.Current.CancellationToken);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.InRange(Interlocked.Read(ref read), 1, (long)compressor.MaxBlocksInFlight * Block);
        opened.SetResult();
        Assert.Equal(100L * Block, (await run).PlainLength);
    }

    [Theory]
    [InlineData("source")]
    [InlineData("plain")]
    [InlineData("compressed")]
    public async Task A_failure_of_any_side_ends_the_run_and_is_thrown_as_it_is(string side)
    {
        ParallelCompressor compressor = new(new CompressionSettings(CompressionFormat.Gzip), 3);
        ValueTask Sink(string name) => name == side ? ValueTask.FromException(new IOException(name)) : ValueTask.CompletedTask;
        long left = 20L * Block;
        IOException thrown = await Assert.ThrowsAsync<IOException>(() => compressor.RunAsync(
            (memory, _) =>
            {
                if (side == "source" && left < 10L * Block)
                    throw new IOException(side);
                int count = (int)Math.Min(memory.Length, left);
                left -= count;
                return ValueTask.FromResult(count);
            },
            (_, _) => Sink("plain"),
            (_, _) => Sink("compressed"),
            TestContext.Current.CancellationToken));
        Assert.Equal(side, thrown.Message);
    }

    [Fact]
    public async Task Cancelling_ends_an_endless_run()
    {
        using CancellationTokenSource stop = new();
        Task<CompressionResult> run = new ParallelCompressor(new CompressionSettings(CompressionFormat.Gzip), 2)
            .RunAsync((memory, _) => ValueTask.FromResult(memory.Length), (_, _) => ValueTask.CompletedTask, (_, _) => ValueTask.CompletedTask, stop.Token);
        stop.CancelAfter(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    /// <summary>Compresses with any number of cores, the source giving at most so many bytes a read.</summary>
    internal static Task<byte[]> CompressAsync(CompressionSettings settings, byte[] content, int cores, int step) =>
        CompressAsync(new ParallelCompressor(settings, cores), content, step);

    private static async Task<byte[]> CompressAsync(ParallelCompressor compressor, byte[] content, int step)
    {
        using MemoryStream compressed = new();
        int position = 0;
        await compressor.RunAsync(
            (memory, _) =>
            {
                int count = Math.Min(Math.Min(memory.Length, step), content.Length - position);
                content.AsMemory(position, count).CopyTo(memory);
                position += count;
                return ValueTask.FromResult(count);
            },
            (_, _) => ValueTask.CompletedTask,
            (bytes, _) => Write(compressed, bytes),
            TestContext.Current.CancellationToken);
        return compressed.ToArray();
    }

    private static async Task<byte[]> DecompressAsync(byte[] compressed, CompressionFormat format)
    {
        using MemoryStream plain = new();
        await using Stream decoder = format == CompressionFormat.Gzip
            ? new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress)
            : Decompression.Open(new MemoryStream(compressed), format);
        await decoder.CopyToAsync(plain, TestContext.Current.CancellationToken);
        return plain.ToArray();
    }

    private static ValueTask Write(MemoryStream stream, ReadOnlyMemory<byte> bytes)
    {
        stream.Write(bytes.Span);
        return ValueTask.CompletedTask;
    }
}
