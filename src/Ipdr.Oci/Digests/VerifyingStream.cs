using System.Runtime.ExceptionServices;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Digests;

/// <summary>
/// Reads content and checks it against the digest and the size that were promised for it (image-spec, descriptor.md, "Verification").
/// </summary>
/// <remarks>
/// <para>
/// The read that meets the end of the content compares: it returns 0 when all is as promised and throws otherwise. Bytes that were
/// handed out before are not yet verified, and content that is never read to its end never is: see <see cref="IsVerified"/>.
/// </para>
/// <para>At most one byte past the promised size is asked of the source. After a mismatch every further read throws it again.</para>
/// <para>Not safe for several threads.</para>
/// </remarks>
public sealed class VerifyingStream : Stream
{
    private readonly Stream _source;
    private readonly Digest _expected;
    private readonly long _size;
    private readonly string _where;
    private readonly bool _leaveOpen;
    private readonly DigestHasher _hasher;
    private long _taken;
    private IpdrException? _mismatch;
    private bool _disposed;

    /// <summary>Checks what is read from <paramref name="source"/>, from where it stands to its end.</summary>
    /// <param name="source">The content; disposed of with this stream unless <paramref name="leaveOpen"/>.</param>
    /// <param name="expected">The digest that was promised.</param>
    /// <param name="size">The size that was promised, in bytes, at least 0.</param>
    /// <param name="where">The content's place, for the message of a mismatch, as in <see cref="Fault.Where"/>.</param>
    /// <param name="leaveOpen">Whether <paramref name="source"/> stays the caller's to dispose of.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="source"/> cannot be read, or <paramref name="expected"/> is <c>default</c> and no digest.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is negative.</exception>
    public VerifyingStream(Stream source, Digest expected, long size, string where, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(where);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (!source.CanRead)
            throw new ArgumentException("the source cannot be read", nameof(source));
        if (expected == default)
            throw new ArgumentException("content cannot be checked against no digest", nameof(expected));
        _source = source;
        _expected = expected;
        _size = size;
        _where = where;
        _leaveOpen = leaveOpen;
        _hasher = DigestHasher.Create(expected.Algorithm);
    }

    /// <summary>Whether the content was read to its end and is what was promised.</summary>
    public bool IsVerified { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => !_disposed;

    /// <summary>False: bytes are checked in the order of the content.</summary>
    public override bool CanSeek => false;

    /// <summary>False.</summary>
    public override bool CanWrite => false;

    /// <summary>Not supported: the size is a promise until the end was read.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Length => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc cref="Read(Span{byte})"/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <summary>Reads and hashes the next bytes; 0 means that the content has ended and is verified, or that no room was given.</summary>
    /// <exception cref="DigestMismatchException">The content has ended and has another digest than promised.</exception>
    /// <exception cref="SizeMismatchException">The content goes on past the promised size, or has the digest but not the size.</exception>
    /// <exception cref="ObjectDisposedException">The stream was disposed of.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (!MustRead(buffer.Length))
            return 0;
        Span<byte> window = buffer[..WindowLength(buffer.Length)];
        int count = _source.Read(window);
        Accept(window[..count]);
        return count;
    }

    /// <inheritdoc cref="Read(Span{byte})"/>
    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc cref="Read(Span{byte})"/>
    /// <exception cref="OperationCanceledException">The caller gave up; what was read before stays hashed.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        return MustRead(buffer.Length) ? ReadCoreAsync(buffer[..WindowLength(buffer.Length)], cancellationToken) : new ValueTask<int>(0);
    }

    /// <summary>Does nothing: nothing is written.</summary>
    public override void Flush()
    {
    }

    /// <summary>Not supported.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (!_disposed && !_leaveOpen)
            await _source.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _hasher.Dispose();
            if (!_leaveOpen)
                _source.Dispose();
        }
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadCoreAsync(Memory<byte> window, CancellationToken cancellationToken)
    {
        int count = await _source.ReadAsync(window, cancellationToken).ConfigureAwait(false);
        Accept(window.Span[..count]);
        return count;
    }

    private bool MustRead(int room)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_mismatch is not null)
            ExceptionDispatchInfo.Throw(_mismatch);
        return room > 0 && !IsVerified;
    }

    // One byte past the promised end shows that there is more; a second one would tell nothing new.
    private int WindowLength(int room)
    {
        long left = _size - _taken;
        return room > left ? (int)left + 1 : room;
    }

    private void Accept(ReadOnlySpan<byte> piece)
    {
        _taken += piece.Length;
        if (_taken > _size)
            throw _mismatch = new SizeMismatchException(_size, _taken, _where);
        if (piece.IsEmpty)
            Compare();
        else
            _hasher.Append(piece);
    }

    private void Compare()
    {
        Digest actual = _hasher.Finish();
        bool sizeHolds = _taken == _size;
        if (actual != _expected)
        {
            throw _mismatch = sizeHolds
                ? new DigestMismatchException(_expected, actual, _where)
                : new DigestMismatchException(_expected, actual, _where, SizeMismatchException.Describe(_size, _taken, _where));
        }
        if (!sizeHolds)
            throw _mismatch = new SizeMismatchException(_size, _taken, _where);
        IsVerified = true;
    }
}
