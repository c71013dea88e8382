using System.Buffers;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.UnixFs.Importing;

/// <summary>Reads the content of one file, once, and hashes its leaves on several cores.</summary>
/// <remarks>Holds one run of chunks for each core, whatever the length of the file.</remarks>
internal sealed class FileHasher(FileForm form, int degreeOfParallelism)
{
    // Large enough to make a system call and a turn cheap; more would only cost memory.
    private const int WantedRunBytes = 1 << 20;
    private const int MostChunksInRun = 1024;

    private readonly int _runLength = form.ChunkSize * Math.Clamp(WantedRunBytes / form.ChunkSize, 1, MostChunksInRun);

    /// <summary>Files up to this length are faster on one core, in bytes.</summary>
    public int SmallLength => 2 * _runLength;

    /// <summary>Hashes all leaves.</summary>
    public async Task HashAsync(RunSource source, FileBuilder builder, CancellationToken cancellationToken)
    {
        using CancellationTokenSource failure = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        LeafQueue queue = new(builder, _runLength, source.Name);
        Task[] workers = [.. Enumerable.Range(0, degreeOfParallelism).Select(_ => Task.Run(() => WorkAsync(source, queue, failure), CancellationToken.None))];
        Task all = Task.WhenAll(workers);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        // What stopped the others comes before that they were stopped.
        if (workers.FirstOrDefault(worker => worker.IsFaulted) is { } guilty)
            await guilty.ConfigureAwait(false);
        await all.ConfigureAwait(false);
    }

    private async Task WorkAsync(RunSource source, LeafQueue queue, CancellationTokenSource failure)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(_runLength);
        LeafHasher hasher = new(form);
        try
        {
            ContentRun run;
            do
            {
                run = await source.ReadAsync(buffer.AsMemory(0, _runLength), failure.Token).ConfigureAwait(false);
                List<(Multihash, int)> leaves = [];
                if (run.Length > 0 || run.Index == 0)
                    hasher.HashAll(buffer.AsSpan(0, run.Length), (hash, length) => leaves.Add((hash, length)));
                queue.Add(run, leaves);
            }
            while (run.Length == _runLength);
        }
        catch (Exception)
        {
            await failure.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
