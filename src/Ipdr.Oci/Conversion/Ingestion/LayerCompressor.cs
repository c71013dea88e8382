using Ipdr.Oci.Compression;
using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Conversion.Targets;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>Writes plain content in the compression of the output.</summary>
/// <param name="outputs">Where it is written to.</param>
/// <param name="options">How to convert.</param>
internal sealed class LayerCompressor(ContentOutputs outputs, ConversionOptions options)
{
    private readonly DigestAlgorithm _algorithm = options.Digest ?? DigestAlgorithm.Sha256;

    /// <summary>Compresses a whole stream.</summary>
    /// <param name="plain">What to compress.</param>
    /// <param name="target">None, gzip or zstd.</param>
    /// <param name="plainSinks">Are given the plain bytes, in order.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<ContentForm> CompressAsync(Stream plain, CompressionFormat target, IReadOnlyList<BlockPump.Sink> plainSinks, CancellationToken cancellationToken)
    {
        using DigestSet digests = new([_algorithm]);
        using ContentOutput output = outputs.Open();
        CompressionSettings? settings = SettingsFor(target);
        if (settings is null)
            await BlockPump.RunAsync(plain, [.. plainSinks, HashAsync, .. output.Sinks], cancellationToken).ConfigureAwait(false);
        else
            await CompressAsync(plain, settings, plainSinks, AppendAsync, cancellationToken).ConfigureAwait(false);
        return new ContentForm(target, digests.Finish()[_algorithm], digests.Length, output.Complete(), settings);

        ValueTask HashAsync(ReadOnlyMemory<byte> bytes, CancellationToken token)
        {
            digests.Append(bytes.Span);
            return ValueTask.CompletedTask;
        }

        ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken token)
        {
            digests.Append(bytes.Span);
            return output.AppendAsync(bytes, token);
        }
    }

    /// <summary>How a layer is compressed; null where it is not.</summary>
    public CompressionSettings? SettingsFor(CompressionFormat target) => target == CompressionFormat.None ? null : new CompressionSettings(options.RecipeFor(target), LevelFor(target));

    private Task<CompressionResult> CompressAsync(Stream plain, CompressionSettings settings, IReadOnlyList<BlockPump.Sink> plainSinks, BlockPump.Sink write, CancellationToken cancellationToken)
    {
        ParallelCompressor compressor = new(settings, options.DegreeOfParallelism);
        return compressor.RunAsync(plain.ReadAsync, GivePlainAsync, (bytes, token) => write(bytes, token), cancellationToken);

        async ValueTask GivePlainAsync(ReadOnlyMemory<byte> block, CancellationToken token)
        {
            foreach (BlockPump.Sink sink in plainSinks)
                await sink(block, token).ConfigureAwait(false);
        }
    }

    // A level is meant for the format that was asked for; with "auto" that is gzip.
    private int? LevelFor(CompressionFormat target) => (options.Compression, target) switch
    {
        (LayerCompression.Zstd, CompressionFormat.Zstd) => options.Level,
        (LayerCompression.Gzip or LayerCompression.Auto, CompressionFormat.Gzip) => options.Level,
        _ => null,
    };
}
