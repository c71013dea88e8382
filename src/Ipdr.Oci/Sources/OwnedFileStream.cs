using Ipdr.Oci.Streams;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Sources;

/// <summary>A part of a file, read from one position to another.</summary>
/// <param name="handle">The file.</param>
/// <param name="position">Where to begin, in bytes.</param>
/// <param name="end">Where to stop.</param>
/// <param name="ownsHandle">Close the file with the stream.</param>
internal sealed class OwnedFileStream(SafeFileHandle handle, long position, long end, bool ownsHandle) : ReadOnlyStream
{
    private long _position = position;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int wanted = (int)Math.Clamp(end - _position, 0, buffer.Length);
        if (wanted == 0)
            return 0;
        // What is not there any more shows where the content is compared with its size.
        int count = await RandomAccess.ReadAsync(handle, buffer[..wanted], _position, cancellationToken).ConfigureAwait(false);
        _position += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && ownsHandle)
            handle.Dispose();
        base.Dispose(disposing);
    }
}
