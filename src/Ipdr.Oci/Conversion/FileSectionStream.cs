using Ipdr.Oci.Streams;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Conversion;

/// <summary>A part of a file, read at its own position, so that several parts can be read side by side. Does not own the handle.</summary>
internal sealed class FileSectionStream(SafeFileHandle handle, long offset, long length) : ReadOnlyStream
{
    private long _done;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int wanted = (int)Math.Min(buffer.Length, length - _done);
        if (wanted == 0)
            return 0;
        int count = await RandomAccess.ReadAsync(handle, buffer[..wanted], offset + _done, cancellationToken).ConfigureAwait(false);
        if (count == 0)
            throw new EndOfStreamException("the file became shorter while it was read");
        _done += count;
        return count;
    }
}
