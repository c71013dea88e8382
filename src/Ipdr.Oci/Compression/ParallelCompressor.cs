using Ipdr.Oci.Compression.Encoding;

namespace Ipdr.Oci.Compression;

/// <summary>Compresses streams on several cores; the bytes depend on the settings and the input, never on the number of cores.</summary>
/// <remarks>
/// The input is cut into blocks of <see cref="CompressionRecipe.BlockSize"/>. While one is read, others are given to the plain sink,
/// compressed and given to the compressed sink; both sinks see their bytes in order. Blocks under way are bounded: see
/// <see cref="MaxBufferedBytes"/>. Holds nothing between runs, so one instance may run any number of them, at the same time too.
/// </remarks>
public sealed class ParallelCompressor
{
    private readonly CompressionEngine _engine;

    /// <summary>Prepares for these settings.</summary>
    /// <param name="settings">Recipe and level.</param>
    /// <param name="degreeOfParallelism">How many blocks are compressed at once, at least 1; null means one a processor.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="degreeOfParallelism"/> is below 1.</exception>
    public ParallelCompressor(CompressionSettings settings, int? degreeOfParallelism = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Settings = settings;
        _engine = settings.Engine;
        DegreeOfParallelism = degreeOfParallelism ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(DegreeOfParallelism, 1, nameof(degreeOfParallelism));
    }

    /// <summary>Recipe and level.</summary>
    public CompressionSettings Settings { get; }

    /// <summary>How many blocks are compressed at once.</summary>
    public int DegreeOfParallelism { get; }

    /// <summary>How many blocks may be under way at once: those being compressed, one being read, one being written, and half as
    /// many waiting for an earlier one, so that a slow block does not stop the others.</summary>
    public int MaxBlocksInFlight => DegreeOfParallelism + (DegreeOfParallelism / 2) + 2;

    /// <summary>The most a run holds for blocks under way, in bytes: each plain and compressed. Encoders have their own tables besides.</summary>
    public long MaxBufferedBytes => (long)MaxBlocksInFlight * BlockSlot.LengthFor(_engine);

    /// <summary>Compresses one stream.</summary>
    /// <param name="source">Reads as <see cref="Stream.ReadAsync(Memory{byte}, CancellationToken)"/> does: any number of bytes, 0 at the end.
    /// How it cuts its reads has no influence on the output.</param>
    /// <param name="plainSink">Takes the plain bytes in order, a block a call; the memory is its own until its task completes.</param>
    /// <param name="compressedSink">Takes the compressed bytes in order, in pieces; the memory is its own until its task completes.</param>
    /// <param name="cancellationToken">Ends the run; handed on to the three delegates.</param>
    /// <returns>How much went in and out. The run is over, and no delegate is called or still running, when the task completes.</returns>
    /// <remarks>
    /// The first failure of a delegate ends the run and is thrown as it is, after the others have stopped: a delegate that ignores its
    /// token delays this. An output without its end is left then; it is for the caller to throw away.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<CompressionResult> RunAsync(
        Func<Memory<byte>, CancellationToken, ValueTask<int>> source,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> plainSink,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> compressedSink,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(plainSink);
        ArgumentNullException.ThrowIfNull(compressedSink);
        return cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<CompressionResult>(cancellationToken)
            : RunCoreAsync(new CompressionRun(this, source, plainSink, compressedSink), cancellationToken);
    }

    private static async Task<CompressionResult> RunCoreAsync(CompressionRun run, CancellationToken cancellationToken)
    {
        using (run)
            return await run.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
