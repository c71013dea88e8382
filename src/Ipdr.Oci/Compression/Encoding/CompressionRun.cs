using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace Ipdr.Oci.Compression.Encoding;

/// <summary>One stream on its way through: a reader, workers, and the two sinks, joined by queues of slots.</summary>
/// <remarks>The queues need no bound of their own: there are no more slots than the run may have, and each is in a queue once.</remarks>
internal sealed class CompressionRun(
    ParallelCompressor compressor,
    Func<Memory<byte>, CancellationToken, ValueTask<int>> source,
    Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> plainSink,
    Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> compressedSink) : IDisposable
{
    // A slot is given back by the plain sink's stage and by the compressed sink's, whichever comes last; the latter waits for the worker.
    private const int UsersOfSlot = 2;

    private readonly CompressionEngine _engine = compressor.Settings.Engine;
    private readonly BlockFraming _framing = compressor.Settings.Engine.CreateFraming();
    private readonly List<BlockSlot> _slots = [];
    private readonly Channel<BlockSlot> _free = Channel.CreateUnbounded<BlockSlot>();
    private readonly Channel<BlockSlot> _toCompress = Channel.CreateUnbounded<BlockSlot>();
    private readonly Channel<BlockSlot> _toPlainSink = Channel.CreateUnbounded<BlockSlot>();
    private readonly Channel<BlockSlot> _toCompressedSink = Channel.CreateUnbounded<BlockSlot>();
    private readonly CancellationTokenSource _stop = new();
    private ExceptionDispatchInfo? _failure;
    private long _plainLength;
    private long _compressedLength;

    public async Task<CompressionResult> RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
        List<Task> stages = [Start(ReadAsync), Start(GivePlainAsync), Start(GiveCompressedAsync)];
        for (int worker = 0; worker < compressor.DegreeOfParallelism; worker++)
            stages.Add(Start(CompressAsync));
        await Task.WhenAll(stages).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_failure?.SourceException is OperationCanceledException)
            cancellationToken.ThrowIfCancellationRequested();
        _failure?.Throw();
        return new CompressionResult(_plainLength, _compressedLength);
    }

    /// <summary>Gives all buffers back; nothing runs any more by then.</summary>
    public void Dispose()
    {
        foreach (BlockSlot slot in _slots)
            slot.Dispose();
        _stop.Dispose();
    }

    // The first failure is the run's; whatever fails afterwards does so because the others are stopped.
    private Task Start(Func<CancellationToken, Task> stage) => Task.Run(async () =>
    {
        try
        {
            await stage(_stop.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            await _stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    });

    // Queues are completed only where all went well: a stage must not take a failure for the end of the input.
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        int length;
        do
        {
            BlockSlot slot = await TakeSlotAsync(cancellationToken).ConfigureAwait(false);
            length = await FillAsync(slot.Room, cancellationToken).ConfigureAwait(false);
            if (length > 0)
                Pass(slot, length);
        }
        while (length == _engine.BlockSize);
        _toCompress.Writer.Complete();
        _toPlainSink.Writer.Complete();
        _toCompressedSink.Writer.Complete();
    }

    private ValueTask<BlockSlot> TakeSlotAsync(CancellationToken cancellationToken)
    {
        if (_free.Reader.TryRead(out BlockSlot? slot))
            return ValueTask.FromResult(slot);
        if (_slots.Count == compressor.MaxBlocksInFlight)
            return _free.Reader.ReadAsync(cancellationToken);
        _slots.Add(new BlockSlot(_engine));
        return ValueTask.FromResult(_slots[^1]);
    }

    // Blocks are full whatever the source's reads are: their borders decide about the output.
    private async ValueTask<int> FillAsync(Memory<byte> room, CancellationToken cancellationToken)
    {
        int length = 0;
        while (length < room.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int read = await source(room[length..], cancellationToken).ConfigureAwait(false);
            if (read == 0)
                break;
            length += read;
        }
        return length;
    }

    private void Pass(BlockSlot slot, int length)
    {
        slot.Begin(length, UsersOfSlot);
        _framing.Append(slot.Plain.Span);
        _plainLength += length;
        _toCompress.Writer.TryWrite(slot);
        _toPlainSink.Writer.TryWrite(slot);
        _toCompressedSink.Writer.TryWrite(slot);
    }

    private async Task CompressAsync(CancellationToken cancellationToken)
    {
        BlockEncoder? encoder = null;
        try
        {
            await foreach (BlockSlot slot in _toCompress.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                slot.Encode(encoder ??= _engine.CreateEncoder(compressor.Settings.Level));
        }
        finally
        {
            encoder?.Dispose();
        }
    }

    private async Task GivePlainAsync(CancellationToken cancellationToken)
    {
        await foreach (BlockSlot slot in _toPlainSink.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await plainSink(slot.Plain, cancellationToken).ConfigureAwait(false);
            GiveBack(slot);
        }
    }

    private async Task GiveCompressedAsync(CancellationToken cancellationToken)
    {
        await GiveAsync(_framing.Header, cancellationToken).ConfigureAwait(false);
        await foreach (BlockSlot slot in _toCompressedSink.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await slot.WhenEncoded.WaitAsync(cancellationToken).ConfigureAwait(false);
            await GiveAsync(slot.Encoded, cancellationToken).ConfigureAwait(false);
            GiveBack(slot);
        }
        await GiveAsync(_framing.Finish(), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask GiveAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        if (piece.IsEmpty)
            return;
        await compressedSink(piece, cancellationToken).ConfigureAwait(false);
        _compressedLength += piece.Length;
    }

    private void GiveBack(BlockSlot slot)
    {
        if (slot.Leave())
            _free.Writer.TryWrite(slot);
    }
}
