using System.Buffers;
using System.Threading.Channels;

namespace Ipdr.Oci.Conversion.Pumping;

/// <summary>Reads a stream once, block by block, and gives every block to several sinks, each working on its own while the next block is read.</summary>
/// <remarks>At most <see cref="BlocksInFlight"/> blocks are held, whatever the stream's length and however slow a sink is.</remarks>
internal static class BlockPump
{
    /// <summary>Bytes of a block: large enough to make a system call cheap, small enough to stay in a core's cache between the sinks.</summary>
    public const int BlockSize = 256 << 10;

    /// <summary>Blocks held at a time.</summary>
    public const int BlocksInFlight = 6;

    /// <summary>Takes the next block; it is borrowed until the task ends.</summary>
    public delegate ValueTask Sink(ReadOnlyMemory<byte> block, CancellationToken cancellationToken);

    /// <summary>Pumps the whole stream. When a sink or the source fails all others stop, and its exception is thrown; no sink is at work any more then.</summary>
    /// <returns>Bytes read.</returns>
    public static async Task<long> RunAsync(Stream source, IReadOnlyList<Sink> sinks, CancellationToken cancellationToken)
    {
        byte[] first = ArrayPool<byte>.Shared.Rent(BlockSize);
        int count = await source.ReadAtLeastAsync(first.AsMemory(0, BlockSize), BlockSize, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (count == BlockSize)
            return await RunConcurrentlyAsync(source, sinks, first, cancellationToken).ConfigureAwait(false);
        foreach (Sink sink in count > 0 ? sinks : [])
            await sink(first.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        ArrayPool<byte>.Shared.Return(first);
        return count;
    }

    private static async Task<long> RunConcurrentlyAsync(Stream source, IReadOnlyList<Sink> sinks, byte[] first, CancellationToken cancellationToken)
    {
        using CancellationTokenSource failure = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<byte[]> free = Channel.CreateUnbounded<byte[]>();
        for (int i = 1; i < BlocksInFlight; i++)
            free.Writer.TryWrite(ArrayPool<byte>.Shared.Rent(BlockSize));
        Channel<Block>[] queues = [.. sinks.Select(_ => Channel.CreateUnbounded<Block>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true }))];

        Task[] consumers = [.. sinks.Select((sink, i) => Task.Run(() => ConsumeAsync(sink, queues[i].Reader, free.Writer, failure), CancellationToken.None))];
        long total = 0;
        try
        {
            total = await ProduceAsync(source, first, sinks.Count, free.Reader, queues, failure.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (failure.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // A sink failed; its own exception is thrown below.
        }
        catch (Exception) when (Stop(failure))
        {
            throw;
        }
        finally
        {
            foreach (Channel<Block> queue in queues)
                queue.Writer.Complete();
            // What the sinks write to is the caller's, who disposes of it when this throws.
            await Task.WhenAll(consumers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(consumers).ConfigureAwait(false);
        while (free.Reader.TryRead(out byte[]? buffer))
            ArrayPool<byte>.Shared.Return(buffer);
        return total;
    }

    private static async Task<long> ProduceAsync(Stream source, byte[] first, int sinks, ChannelReader<byte[]> free, Channel<Block>[] queues, CancellationToken cancellationToken)
    {
        long total = 0;
        byte[] buffer = first;
        int count = BlockSize;
        while (count > 0)
        {
            total += count;
            Block block = new(buffer, count, sinks);
            foreach (Channel<Block> queue in queues)
                queue.Writer.TryWrite(block);
            if (count < BlockSize)
                break;
            buffer = await free.ReadAsync(cancellationToken).ConfigureAwait(false);
            count = await source.ReadAtLeastAsync(buffer.AsMemory(0, BlockSize), BlockSize, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        }
        return total;
    }

    private static async Task ConsumeAsync(Sink sink, ChannelReader<Block> blocks, ChannelWriter<byte[]> free, CancellationTokenSource failure)
    {
        try
        {
            await foreach (Block block in blocks.ReadAllAsync(failure.Token).ConfigureAwait(false))
            {
                await sink(block.Content, failure.Token).ConfigureAwait(false);
                if (block.Release())
                    free.TryWrite(block.Buffer);
            }
        }
        catch (Exception) when (Stop(failure))
        {
            throw;
        }
    }

    private static bool Stop(CancellationTokenSource failure)
    {
        failure.Cancel();
        return true;
    }

    private sealed class Block(byte[] buffer, int length, int holders)
    {
        private int _holders = holders;

        public byte[] Buffer => buffer;

        public ReadOnlyMemory<byte> Content => buffer.AsMemory(0, length);

        /// <summary>True for the last holder.</summary>
        public bool Release() => Interlocked.Decrement(ref _holders) == 0;
    }
}
