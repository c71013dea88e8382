using Ipdr.Oci.Compression.Decoding;

namespace Ipdr.Oci.Compression;

/// <summary>The decoded bytes of a compressed source, forward only. Made by <see cref="Decompression.Open"/>.</summary>
/// <remarks>
/// Who has read up to the 0 at the end has seen every checksum and length verified and the source read to its very end; bytes
/// given out before that are not yet vouched for. Not safe for several threads.
/// </remarks>
public abstract class DecompressionStream : Stream
{
    private readonly TrailingDataPolicy _trailingData;
    private bool _disposed;

    private protected DecompressionStream(CompressionFormat format, CompressedInput input, DecompressionOptions options)
    {
        Format = format;
        Input = input;
        _trailingData = options.TrailingData;
    }

    /// <summary>The format that is decoded.</summary>
    public CompressionFormat Format { get; }

    /// <summary>How much of the source was read so far, in bytes; after the end, the source's length.</summary>
    public long CompressedBytesRead => Input.BytesRead;

    /// <summary>Whether the end was reached: everything decoded, everything verified.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Whether bytes followed the compressed data; known at the end, and only with <see cref="TrailingDataPolicy.Report"/>.</summary>
    public bool HasTrailingData { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => !_disposed;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private protected CompressedInput Input { get; }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <summary>Decodes at least one byte unless the end is reached.</summary>
    /// <exception cref="CompressionFormatException">The data is truncated, malformed, wrong or followed by other data.</exception>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (buffer.IsEmpty || IsAtEnd)
            return 0;
        int read = Decode(buffer, out bool trailing);
        if (read > 0)
            return read;
        NoteEnd(trailing);
        while (Input.DropAvailable())
            Input.Fill(1);
        return 0;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>Decodes at least one byte unless the end is reached.</summary>
    /// <exception cref="CompressionFormatException">The data is truncated, malformed, wrong or followed by other data.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the stream is of no use afterwards.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken)
            : buffer.IsEmpty || IsAtEnd ? default : ReadCoreAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (!_disposed)
            await Input.DisposeSourceAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives out at least one byte; 0 means the end, and then <paramref name="trailing"/> tells whether something follows.</summary>
    private protected abstract int Decode(Span<byte> buffer, out bool trailing);

    /// <summary>As <see cref="Decode"/>.</summary>
    private protected abstract ValueTask<(int Read, bool Trailing)> DecodeAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Frees what the decoder holds; called once.</summary>
    private protected abstract void DisposeDecoder();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            DisposeDecoder();
            Input.Dispose();
        }
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        (int read, bool trailing) = await DecodeAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (read > 0)
            return read;
        NoteEnd(trailing);
        while (Input.DropAvailable())
            await Input.FillAsync(1, cancellationToken).ConfigureAwait(false);
        return 0;
    }

    private void NoteEnd(bool trailing)
    {
        if (trailing && _trailingData == TrailingDataPolicy.Refuse)
            throw CompressionFormatException.Trailing(Format, Input.Position);
        HasTrailingData = trailing;
        IsAtEnd = true;
    }
}
