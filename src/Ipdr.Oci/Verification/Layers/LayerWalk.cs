using System.IO.Pipelines;
using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Verification.Layers;

/// <summary>Walks the plain bytes of a layer while others hash the same bytes.</summary>
internal sealed class LayerWalk
{
    private const int PipeBytes = 1 << 20;

    private static readonly TarReaderOptions Options = new() { AllowMissingPadding = true };

    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: PipeBytes, resumeWriterThreshold: PipeBytes / 2, minimumSegmentSize: 64 << 10, useSynchronizationContext: false));
    private readonly Task<LayerFacts> _walking;

    private LayerWalk(string file, CancellationToken cancellationToken) =>
        _walking = Task.Run(() => WalkAsync(file, _pipe.Reader, cancellationToken), CancellationToken.None);

    /// <summary>Starts a walk; <see cref="PumpAsync"/> gives it its bytes.</summary>
    /// <param name="file">The blob, as findings call it.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    public static LayerWalk Start(string file, CancellationToken cancellationToken) => new(file, cancellationToken);

    /// <summary>Reads all plain bytes, for the walk and for others.</summary>
    /// <returns>How many there were.</returns>
    public async Task<long> PumpAsync(Stream plain, IReadOnlyList<BlockPump.Sink> others, CancellationToken cancellationToken)
    {
        try
        {
            // A walk that has ended takes no more, and what it is given is dropped.
            return await BlockPump.RunAsync(plain, [.. others, async (block, token) => await _pipe.Writer.WriteAsync(block, token).ConfigureAwait(false)], cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await _pipe.Writer.CompleteAsync().ConfigureAwait(false);
            await ((Task)_walking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What the walk has shown, once all bytes were pumped.</summary>
    public Task<LayerFacts> FinishAsync() => _walking;

    private static async Task<LayerFacts> WalkAsync(string file, PipeReader plain, CancellationToken cancellationToken)
    {
        LayerRules rules = new(file);
        TarReader reader = new(plain, Options);
        try
        {
            while (await reader.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
                rules.Judge(entry);
            return rules.Finish(reader.End, await reader.DrainAsync(cancellationToken).ConfigureAwait(false), reader.Position, null);
        }
        catch (TarFormatException e)
        {
            return rules.Finish(reader.End, 0, reader.Position, e.Fault);
        }
        finally
        {
            await plain.CompleteAsync().ConfigureAwait(false);
        }
    }
}
