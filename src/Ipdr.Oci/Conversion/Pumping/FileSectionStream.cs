using Ipdr.Oci.Streams;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Conversion.Pumping;

/// <summary>A part of a file, read at its own position, so that several parts can be read side by side. Does not own the handle.</summary>
internal sealed class FileSectionStream(SafeFileHandle handle, long offset, long length) : ReadOnlyStream
{
    private long _done;

    // Read at once: a read that is asynchronous is done by another thread of the pool, where it waits for its turn behind all that is compressed.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        try
        {
            return ValueTask.FromResult(ReadNow(buffer.Span));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ValueTask.FromException<int>(e);
        }
    }

    private int ReadNow(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, length - _done);
        if (wanted == 0)
            return 0;
        int count = RandomAccess.Read(handle, buffer[..wanted], offset + _done);
        if (count == 0)
            throw new EndOfStreamException("the file became shorter while it was read");
        _done += count;
        return count;
    }
}
