using System.Buffers;
using System.IO.Pipelines;

namespace Ipdr.Oci.Tar;

/// <summary>Reads a tar archive member by member in one pass: v7, ustar, GNU, star and pax, sparse files expanded.</summary>
/// <remarks>
/// <para>Bodies pass through and are never held; headers and metadata are bounded by <see cref="TarReaderOptions"/>. What an archive
/// declares is never allocated before it has arrived.</para>
/// <para>The reader neither owns nor completes its input. It is not safe for several threads. Once a method has thrown, or
/// <see cref="ReadNextAsync"/> was cancelled, the reader is of no more use; a later call repeats a <see cref="TarFormatException"/>.</para>
/// <para>Specification: POSIX.1-2017 pax, "ustar Interchange Format" and "pax Interchange Format"; GNU tar manual, "Basic Tar Format".</para>
/// </remarks>
public sealed partial class TarReader
{
    private readonly PipeReader _input;
    private readonly SeekablePipeReader? _seekable;
    private readonly TarReaderOptions _options;
    private readonly byte[] _block = new byte[TarBlock.Size];
    private readonly ArrayBufferWriter<byte> _metadata = new();
    private TarFormatException? _failure;

    /// <summary>Reads from where <paramref name="input"/> stands, which stays with the caller.</summary>
    /// <param name="input">The archive, uncompressed. Over a <see cref="SeekablePipeReader"/> bodies are skipped without being read.</param>
    /// <param name="options">The bounds, <see cref="TarReaderOptions.Default"/> by default.</param>
    public TarReader(PipeReader input, TarReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        _input = input;
        _seekable = input as SeekablePipeReader;
        _options = options ?? TarReaderOptions.Default;
    }

    /// <summary>Bytes of the input that are behind the reader.</summary>
    public long Position { get; private set; }

    /// <summary>How the archive ended, once <see cref="ReadNextAsync"/> has returned null.</summary>
    public TarEnd End { get; private set; }

    /// <summary>Goes to the next member, past what is left of the body before it; null at the end of the archive.</summary>
    /// <remarks>An empty input is an archive without members and without end blocks.</remarks>
    /// <exception cref="TarFormatException">The input is no tar archive, is damaged or breaks off.</exception>
    /// <exception cref="OperationCanceledException">The token, or the input's pending read, was cancelled.</exception>
    public ValueTask<TarEntry?> ReadNextAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfFailed();
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<TarEntry?>(cancellationToken)
            : End != TarEnd.Unknown ? default : ReadNextCoreAsync(cancellationToken);
    }

    private async ValueTask<TarEntry?> ReadNextCoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SkipRestOfBodyAsync(cancellationToken).ConfigureAwait(false);
            ForgetMetadata();
            while (true)
            {
                long offset = Position;
                if (!await ReadBlockAsync("a header", cancellationToken).ConfigureAwait(false))
                {
                    if (HasMetadata)
                        throw TarFaults.MemberMissing(Position);
                    End = TarEnd.NoEndBlocks;
                    return null;
                }
                if (TarBlock.IsZero(_block))
                {
                    if (HasMetadata)
                        throw TarFaults.BadHeader("a pax or GNU header is followed by no member", null, offset);
                    End = await ReadSecondEndBlockAsync(cancellationToken).ConfigureAwait(false);
                    return null;
                }
                if (IsMetadata(offset, out byte type, out long size))
                    await ReadMetadataAsync(type, size, cancellationToken).ConfigureAwait(false);
                else
                    return await ReadMemberAsync(offset, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (TarFormatException failure)
        {
            _failure = failure;
            throw;
        }
    }

    private bool IsMetadata(long offset, out byte type, out long size)
    {
        TarHeader header = new(_block, offset);
        header.VerifyChecksum();
        type = header.TypeFlag;
        bool isMetadata = type is TarTypeFlag.PaxLocal or TarTypeFlag.PaxGlobal or TarTypeFlag.GnuLongName or TarTypeFlag.GnuLongLink;
        size = isMetadata ? header.Size : 0;
        return isMetadata;
    }

    private async ValueTask<TarEntry> ReadMemberAsync(long offset, CancellationToken cancellationToken)
    {
        TarEntry entry = Describe(new TarHeader(_block, offset), out long storedSize);
        _member = entry.Name;
        BeginBody(storedSize);
        if (entry.Type != TarEntryType.RegularFile)
        {
            _bodyLeft = entry.Size;
            return entry;
        }
        if (entry.TypeFlag == TarTypeFlag.GnuSparse)
            return await OpenGnuSparseAsync(entry, cancellationToken).ConfigureAwait(false);
        if (_local is { IsSparse: true })
            return await OpenPaxSparseAsync(entry, _local, cancellationToken).ConfigureAwait(false);
        _bodyLeft = entry.Size;
        return entry;
    }

    /// <summary>Fills the block; false if the input ended before its first byte.</summary>
    private async ValueTask<bool> ReadBlockAsync(string part, CancellationToken cancellationToken)
    {
        ReadResult read = await _input.ReadAtLeastAsync(TarBlock.Size, cancellationToken).ConfigureAwait(false);
        ReadOnlySequence<byte> buffer = Uncancelled(read);
        int length = (int)Math.Min(buffer.Length, TarBlock.Size);
        buffer = buffer.Slice(0, length);
        buffer.CopyTo(_block);
        _input.AdvanceTo(buffer.End);
        Position += length;
        if (length is 0 or TarBlock.Size)
            return length != 0;
        if (Position == length && TarSniffer.Guess(_block.AsSpan(0, length)) is { } seems)
            throw TarFaults.NotAnArchive(seems);
        throw TarFaults.Truncated(part, _member, Position, TarBlock.Size, length);
    }

    private async ValueTask<TarEnd> ReadSecondEndBlockAsync(CancellationToken cancellationToken)
    {
        ReadResult read = await _input.ReadAtLeastAsync(TarBlock.Size, cancellationToken).ConfigureAwait(false);
        ReadOnlySequence<byte> buffer = Uncancelled(read);
        if (buffer.Length >= TarBlock.Size)
        {
            buffer.Slice(0, TarBlock.Size).CopyTo(_block);
            if (TarBlock.IsZero(_block))
            {
                _input.AdvanceTo(buffer.GetPosition(TarBlock.Size));
                Position += TarBlock.Size;
                return TarEnd.EndBlocks;
            }
        }
        _input.AdvanceTo(buffer.Start);
        return TarEnd.OneEndBlock;
    }

    private ReadOnlySequence<byte> Uncancelled(ReadResult read)
    {
        if (!read.IsCanceled)
            return read.Buffer;
        _input.AdvanceTo(read.Buffer.Start);
        throw new OperationCanceledException();
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
            throw new TarFormatException(_failure.Fault);
    }
}
