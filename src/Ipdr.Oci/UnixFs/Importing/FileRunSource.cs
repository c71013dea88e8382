using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.UnixFs.Importing;

/// <summary>A file on the disk, read at as many positions as there are readers.</summary>
internal sealed class FileRunSource(SafeFileHandle handle, string path) : RunSource
{
    private long _next = -1;

    public override string Name => path;

    public override ValueTask<ContentRun> ReadAsync(Memory<byte> room, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long index = Interlocked.Increment(ref _next);
        return ValueTask.FromResult(new ContentRun(index, SourceFile.Fill(handle, path, room.Span, index * room.Length)));
    }
}
