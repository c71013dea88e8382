using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Tar;

/// <summary>A <see cref="PipeReader"/> over a file, or a stretch of one, in which <see cref="Skip"/> moves instead of reading.</summary>
/// <remarks>
/// <para>The handle stays with the caller, and its own position is not used: several readers may share it. One reader is not safe for
/// several threads. A handle opened with <see cref="FileOptions.Asynchronous"/> is read asynchronously, any other in place on the caller's
/// thread, which is the faster way for files that the system has in memory.</para>
/// <para>There is one buffer, rented. It grows only as far as the consumer examines without consuming, and goes back on
/// <see cref="Complete"/>.</para>
/// </remarks>
public sealed class SeekablePipeReader : PipeReader
{
    /// <summary>Bytes read at once while reading goes on in sequence: a system call then costs little beside copying its bytes.</summary>
    private const int ReadAhead = 128 << 10;

    /// <summary>Bytes read at once after a skip, when as likely as not only a header is wanted.</summary>
    private const int FirstRead = 4 << 10;

    private readonly SafeFileHandle _handle;
    private readonly long _end;
    private byte[] _buffer = [];
    private ReadOnlySequence<byte> _given;
    private int _start;
    private int _count;
    private int _examined;
    private int _nextRead = FirstRead;
    private long _fileOffset;
    private bool _atEnd;
    private bool _isCompleted;
    private volatile bool _isCancelled;

    /// <summary>Reads <paramref name="length"/> bytes of the file from <paramref name="offset"/> on, or to its end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    /// <exception cref="NotSupportedException">The file cannot be sought in (a pipe, a terminal).</exception>
    public SeekablePipeReader(SafeFileHandle handle, long offset = 0, long length = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _ = RandomAccess.GetLength(handle);
        _handle = handle;
        _fileOffset = offset;
        _end = length > long.MaxValue - offset ? long.MaxValue : offset + length;
    }

    /// <summary>Goes <paramref name="count"/> bytes on, without reading those that are not in the buffer.</summary>
    /// <returns>How many bytes there were to go over: less than <paramref name="count"/> if the file, or its stretch, ends before.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public long Skip(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ThrowIfCompleted();
        int buffered = (int)Math.Min(count, _count);
        _start += buffered;
        _count -= buffered;
        _examined = 0;
        if (buffered == count)
            return count;
        long available = Math.Max(0, Math.Min(_end, RandomAccess.GetLength(_handle)) - _fileOffset);
        long moved = Math.Min(count - buffered, available);
        _fileOffset += moved;
        _nextRead = FirstRead;
        return buffered + moved;
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        bool isReady = _isCancelled || _count > _examined || _atEnd;
        result = isReady ? Give() : default;
        return isReady;
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        ReadAtLeastCoreAsync(_examined + 1, cancellationToken);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        ThrowIfCompleted();
        int taken = (int)_given.Slice(_given.Start, consumed).Length;
        _examined = (int)_given.Slice(consumed, examined).Length;
        _start += taken;
        _count -= taken;
        _given = default;
    }

    /// <inheritdoc/>
    /// <remarks>A system call under way is not interrupted; its result is then given as cancelled.</remarks>
    public override void CancelPendingRead() => _isCancelled = true;

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted)
            return;
        _isCompleted = true;
        _given = default;
        Return(_buffer);
        _buffer = [];
    }

    /// <inheritdoc/>
    protected override ValueTask<ReadResult> ReadAtLeastAsyncCore(int minimumSize, CancellationToken cancellationToken) =>
        ReadAtLeastCoreAsync(Math.Max(minimumSize, _examined + 1), cancellationToken);

    private async ValueTask<ReadResult> ReadAtLeastCoreAsync(int minimum, CancellationToken cancellationToken)
    {
        ThrowIfCompleted();
        cancellationToken.ThrowIfCancellationRequested();
        while (_count < minimum && !_atEnd && !_isCancelled)
        {
            Memory<byte> room = MakeRoom();
            int read = _handle.IsAsync
                ? await RandomAccess.ReadAsync(_handle, room, _fileOffset, cancellationToken).ConfigureAwait(false)
                : RandomAccess.Read(_handle, room.Span, _fileOffset);
            _atEnd = read == 0;
            _count += read;
            _fileOffset += read;
            _nextRead = Math.Min(2 * _nextRead, ReadAhead);
        }
        return Give();
    }

    private ReadResult Give()
    {
        bool isCancelled = _isCancelled;
        _isCancelled = false;
        _given = new ReadOnlySequence<byte>(_buffer, _start, _count);
        return new ReadResult(_given, isCancelled, isCompleted: _atEnd);
    }

    /// <summary>The place for the next bytes of the file, behind those that are there; empty at the end of the stretch.</summary>
    private Memory<byte> MakeRoom()
    {
        if (_count == 0)
            _start = 0;
        if (_buffer.Length - _start - _count < _nextRead)
            MoveToFront();
        int free = _buffer.Length - _start - _count;
        return _buffer.AsMemory(_start + _count, (int)Math.Min(Math.Min(free, _nextRead), _end - Math.Min(_end, _fileOffset)));
    }

    private void MoveToFront()
    {
        // Half of a buffer that is in use is worth growing for; otherwise what is left moves to the front.
        byte[] target = _buffer.Length - _count < _nextRead
            ? ArrayPool<byte>.Shared.Rent(Math.Max(ReadAhead, checked(2 * (_count + _nextRead))))
            : _buffer;
        _buffer.AsSpan(_start, _count).CopyTo(target);
        _start = 0;
        if (target == _buffer)
            return;
        Return(_buffer);
        _buffer = target;
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private void ThrowIfCompleted()
    {
        if (_isCompleted)
            throw new InvalidOperationException("the reader has been completed");
    }
}
