using System.IO.Pipelines;
using Ipdr.Oci.Archives;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Conversion;

/// <summary>Walks an archive from its first byte to its last, whatever compresses it as a whole.</summary>
internal sealed class ArchiveWalk(ArchiveInput input, ArchiveLimits limits) : IDisposable
{
    // Large reads: a pipe gives at most 64 KiB, a socket or a file more.
    private const int ReadBytes = 256 << 10;

    private PeekedStream? _stream;

    /// <summary>How the archive as a whole is compressed.</summary>
    public CompressionFormat Compression { get; private set; }

    /// <summary>Is the tar stream itself a file, so that members can be read in place?</summary>
    public bool IsInPlace => input.File is not null && Compression == CompressionFormat.None;

    /// <summary>Looks at the first bytes.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _stream = new PeekedStream(input.Stream);
        ReadOnlyMemory<byte> start = await _stream.PeekAsync(CompressionDetector.PrefixLength, cancellationToken).ConfigureAwait(false);
        Compression = CompressionDetector.Detect(start.Span);
    }

    /// <summary>Reads everything once.</summary>
    public async Task<ArchiveContents> ScanAsync(IMemberSink sink, CancellationToken cancellationToken)
    {
        if (IsInPlace)
            return await ScanAsync(new SeekablePipeReader(input.File!.SafeFileHandle), sink, cancellationToken).ConfigureAwait(false);
        if (Compression == CompressionFormat.None)
            return await ScanAsync(PipeReader.Create(_stream!, new StreamPipeReaderOptions(bufferSize: ReadBytes, leaveOpen: true)), sink, cancellationToken).ConfigureAwait(false);
        DecompressionStream plain = Decompression.Open(_stream!, Compression, new DecompressionOptions { TrailingData = TrailingDataPolicy.Report, LeaveOpen = true });
        await using (plain.ConfigureAwait(false))
        {
            ArchiveContents contents = await ScanAsync(PipeReader.Create(plain, new StreamPipeReaderOptions(bufferSize: ReadBytes, leaveOpen: true)), sink, cancellationToken).ConfigureAwait(false);
            contents.HasDataAfterCompression = plain.HasTrailingData;
            return contents;
        }
    }

    public void Dispose() => _stream?.Dispose();

    private async Task<ArchiveContents> ScanAsync(PipeReader reader, IMemberSink sink, CancellationToken cancellationToken)
    {
        try
        {
            return await new ArchiveScanner(limits, sink).ScanAsync(new TarReader(reader), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }
}
