using System.Buffers;
using System.IO.Pipelines;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tar;

public sealed partial class TarReader
{
    private string? _member;
    private long _bodyLeft;
    private long _storedSize;
    private long _storedLeft;
    private int _padding;
    private SparseBody? _sparse;
    private long _trailing;

    /// <summary>Reads on in the current member's body, as much as is at hand and fits.</summary>
    /// <returns>How many bytes; 0 only if the body is over or the buffer is empty.</returns>
    /// <exception cref="TarFormatException">
    /// The input breaks off (<see cref="FaultCode.Truncated"/>), or the holes of a sparse member are larger than
    /// <see cref="TarReaderOptions.MaxHoleBytes"/> (<see cref="FaultCode.Limit"/>).
    /// </exception>
    /// <exception cref="OperationCanceledException">The token or the pending read was cancelled; reading may go on.</exception>
    public ValueTask<int> ReadBodyAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfFailed();
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken)
            : _bodyLeft == 0 || buffer.IsEmpty ? default : ReadBodyCoreAsync(buffer, cancellationToken);
    }

    /// <summary>After the end of the archive, reads the input to its very end.</summary>
    /// <returns>How many bytes other than zero came after the end of the archive; a further call gives the same.</returns>
    /// <remarks>Only then have the checksums of a compressed input been reached. Zeros are what fills the last record.</remarks>
    /// <exception cref="InvalidOperationException"><see cref="ReadNextAsync"/> has not yet returned null.</exception>
    /// <exception cref="OperationCanceledException">The token or the pending read was cancelled; draining may go on.</exception>
    public async ValueTask<long> DrainAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfFailed();
        if (End == TarEnd.Unknown)
            throw new InvalidOperationException("the archive has not been read to its end");
        while (true)
        {
            ReadResult read = await _input.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = Uncancelled(read);
            foreach (ReadOnlyMemory<byte> segment in buffer)
                _trailing += segment.Length - segment.Span.Count((byte)0);
            Position += buffer.Length;
            _input.AdvanceTo(buffer.End);
            if (read.IsCompleted)
                return _trailing;
        }
    }

    private void BeginBody(long storedSize)
    {
        _sparse = null;
        _storedSize = _storedLeft = storedSize;
        _padding = TarBlock.PaddingAfter(storedSize);
    }

    private async ValueTask<int> ReadBodyCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            int count;
            if (_sparse is null)
                count = await ReadStoredAsync(buffer, cancellationToken).ConfigureAwait(false);
            else if (_sparse.HoleBytes > _options.MaxHoleBytes)
                throw TarFaults.Limit(
                    "the holes of a sparse member are too large", _member, Position,
                    nameof(TarReaderOptions.MaxHoleBytes), _options.MaxHoleBytes, _sparse.HoleBytes);
            else if (_sparse.NextRun(out bool isHole) is var run && isHole)
                buffer.Span[..(count = (int)Math.Min(run, buffer.Length))].Clear();
            else
                count = await ReadStoredAsync(buffer[..(int)Math.Min(run, buffer.Length)], cancellationToken).ConfigureAwait(false);
            _sparse?.Advance(count);
            _bodyLeft -= count;
            return count;
        }
        catch (TarFormatException failure)
        {
            _failure = failure;
            throw;
        }
    }

    /// <summary>Reads stored bytes: at least one, at most what is left of them.</summary>
    private async ValueTask<int> ReadStoredAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ReadResult read = await _input.ReadAtLeastAsync(1, cancellationToken).ConfigureAwait(false);
        ReadOnlySequence<byte> rest = Uncancelled(read);
        if (rest.IsEmpty)
        {
            _input.AdvanceTo(rest.End);
            throw TruncatedBody();
        }
        int count = (int)Math.Min(Math.Min(rest.Length, buffer.Length), _storedLeft);
        rest = rest.Slice(0, count);
        rest.CopyTo(buffer.Span);
        _input.AdvanceTo(rest.End);
        Position += count;
        _storedLeft -= count;
        return count;
    }

    private async ValueTask SkipRestOfBodyAsync(CancellationToken cancellationToken)
    {
        _bodyLeft = 0;
        _storedLeft -= await SkipAsync(_storedLeft, cancellationToken).ConfigureAwait(false);
        if (_storedLeft > 0)
            throw TruncatedBody();
        int padding = _padding;
        _padding -= (int)await SkipAsync(padding, cancellationToken).ConfigureAwait(false);
        if (_padding > 0 && !_options.AllowMissingPadding)
            throw TarFaults.Truncated("the zeros that fill up the last block of a body", _member, Position, padding, padding - _padding);
    }

    /// <summary>Goes over bytes without a look at them; fewer than asked for if the input ends.</summary>
    private async ValueTask<long> SkipAsync(long count, CancellationToken cancellationToken)
    {
        if (_seekable is not null && count > 0)
        {
            long moved = _seekable.Skip(count);
            Position += moved;
            return moved;
        }
        long left = count;
        while (left > 0)
        {
            ReadResult read = await _input.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = Uncancelled(read);
            bool isLast = read.IsCompleted && buffer.Length <= left;
            long taken = Math.Min(buffer.Length, left);
            _input.AdvanceTo(buffer.GetPosition(taken));
            Position += taken;
            left -= taken;
            if (isLast)
                break;
        }
        return count - left;
    }

    private TarFormatException TruncatedBody() => TarFaults.Truncated(
        _member is null ? "a pax or GNU header" : "the body of a member", _member, Position, _storedSize, _storedSize - _storedLeft);
}
