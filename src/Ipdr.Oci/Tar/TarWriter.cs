using System.Buffers;
using System.Globalization;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tar;

/// <summary>Writes a tar archive: plain ustar, with a pax header before a member only where ustar cannot say what it is.</summary>
/// <remarks>
/// <para>The bytes are a function of the members: nothing is added that was not given. An archive is complete only after
/// <see cref="CompleteAsync"/>; disposing does not complete it. Once writing has failed, the archive cannot be continued. Not safe for
/// several threads.</para>
/// <para>Specification: POSIX.1-2017 pax, "ustar Interchange Format" and "pax Interchange Format".</para>
/// </remarks>
public sealed class TarWriter : IAsyncDisposable
{
    /// <summary>Bytes copied at once: below the size at which arrays go to the large object heap.</summary>
    private const int CopyBytes = 80 << 10;

    private static readonly byte[] EndBlocks = new byte[2 * TarBlock.Size];

    private readonly Stream _output;
    private readonly bool _leaveOpen;
    private readonly byte[] _block = new byte[TarBlock.Size];
    private readonly byte[] _paxBlock = new byte[TarBlock.Size];
    private bool _isClosed;

    /// <summary>Writes to <paramref name="output"/>, and disposes of it with itself unless <paramref name="leaveOpen"/>.</summary>
    public TarWriter(Stream output, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _leaveOpen = leaveOpen;
    }

    /// <summary>Bytes written so far.</summary>
    public long Position { get; private set; }

    /// <summary>Writes a member whose body is at hand; its <see cref="TarEntry.Size"/> is taken from <paramref name="body"/>.</summary>
    /// <remarks>Of <paramref name="entry"/>, the offsets, the type byte, the sparseness, and pax records that a property shows are not
    /// used.</remarks>
    /// <exception cref="ArgumentException">The member cannot be written, or has a body and is no regular file.</exception>
    /// <exception cref="InvalidOperationException">The archive is complete, or an earlier write has failed.</exception>
    public ValueTask WriteEntryAsync(TarEntry entry, ReadOnlyMemory<byte> body = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        CheckEntry(entry, body.Length);
        return Write();

        async ValueTask Write()
        {
            await WriteHeadersAsync(entry, body.Length, cancellationToken).ConfigureAwait(false);
            await WriteAsync(body, cancellationToken).ConfigureAwait(false);
            await FinishBodyAsync(body.Length, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes a member whose body is streamed: all of <paramref name="body"/>, <see cref="TarEntry.Size"/> bytes.</summary>
    /// <remarks><inheritdoc cref="WriteEntryAsync(TarEntry, ReadOnlyMemory{byte}, CancellationToken)" path="/remarks"/></remarks>
    /// <exception cref="ArgumentException">The member cannot be written, or has a body and is no regular file.</exception>
    /// <exception cref="InvalidOperationException">The archive is complete, or an earlier write has failed.</exception>
    /// <exception cref="IpdrException">The stream has fewer or more bytes (<see cref="FaultCode.SizeMismatch"/>).</exception>
    public ValueTask WriteEntryAsync(TarEntry entry, Stream body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(body);
        CheckEntry(entry, entry.Size);
        return Write();

        async ValueTask Write()
        {
            await WriteHeadersAsync(entry, entry.Size, cancellationToken).ConfigureAwait(false);
            await CopyAsync(entry, body, cancellationToken).ConfigureAwait(false);
            await FinishBodyAsync(entry.Size, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the two end blocks and flushes. Nothing can be written afterwards.</summary>
    /// <exception cref="InvalidOperationException">The archive is complete, or an earlier write has failed.</exception>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        _isClosed = true;
        await WriteAsync(EndBlocks, cancellationToken).ConfigureAwait(false);
        await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets go of the stream. An archive that was not completed stays incomplete.</summary>
    public ValueTask DisposeAsync()
    {
        _isClosed = true;
        return _leaveOpen ? ValueTask.CompletedTask : _output.DisposeAsync();
    }

    private void CheckEntry(TarEntry entry, long size)
    {
        ThrowIfClosed();
        ArgumentException.ThrowIfNullOrEmpty(entry.Name, nameof(entry));
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (size > 0 && entry.Type != TarEntryType.RegularFile)
            throw new ArgumentException($"a member of type {entry.Type} has no body", nameof(entry));
        if (entry.Type == TarEntryType.RegularFile && entry.Name.EndsWith('/'))
            throw new ArgumentException("a name that ends in a slash is read as a directory's", nameof(entry));
    }

    private async ValueTask WriteHeadersAsync(TarEntry entry, long size, CancellationToken cancellationToken)
    {
        // All that can be refused is refused before the first byte is written.
        ReadOnlyMemory<byte> records = PaxBuilder.Build(entry, size);
        TarHeaderBlock.Compose(_block, entry, size);
        _isClosed = true;
        if (!records.IsEmpty)
        {
            TarHeaderBlock.ComposePax(_paxBlock, records.Length);
            await WriteAsync(_paxBlock, cancellationToken).ConfigureAwait(false);
            await WriteAsync(records, cancellationToken).ConfigureAwait(false);
            await WritePaddingAsync(records.Length, cancellationToken).ConfigureAwait(false);
        }
        await WriteAsync(_block, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask CopyAsync(TarEntry entry, Stream body, CancellationToken cancellationToken)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            Memory<byte> window = rented.AsMemory(0, CopyBytes);
            long copied = 0;
            for (int n; (n = await body.ReadAsync(window, cancellationToken).ConfigureAwait(false)) > 0; copied += n)
            {
                if (n > entry.Size - copied)
                    throw WrongSize(entry, "more");
                await WriteAsync(window[..n], cancellationToken).ConfigureAwait(false);
            }
            if (copied != entry.Size)
                throw WrongSize(entry, copied.ToString(CultureInfo.InvariantCulture));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private async ValueTask FinishBodyAsync(long size, CancellationToken cancellationToken)
    {
        await WritePaddingAsync(size, cancellationToken).ConfigureAwait(false);
        _isClosed = false;
    }

    private ValueTask WritePaddingAsync(long size, CancellationToken cancellationToken) =>
        WriteAsync(EndBlocks.AsMemory(0, TarBlock.PaddingAfter(size)), cancellationToken);

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (bytes.IsEmpty)
            return;
        await _output.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        Position += bytes.Length;
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
            throw new InvalidOperationException("the archive is complete, or could not be written");
    }

    private static IpdrException WrongSize(TarEntry entry, string actual) =>
        new(new Fault(FaultCode.SizeMismatch, "the content of a member does not have the member's size", $"member {TarText.Quote(entry.Name)}")
        {
            Expected = entry.Size.ToString(CultureInfo.InvariantCulture),
            Actual = actual,
        });
}
