using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Cli.Output;

/// <summary>A standard stream of the process that is only written, only forward. The bytes go to the system directly: the console's own stream first switches
/// the keys of a terminal to another mode, and leaves them so.</summary>
/// <param name="descriptor">Its number.</param>
internal abstract partial class WrittenStream(int descriptor) : Stream
{
    private readonly SafeFileHandle _handle = new(descriptor, ownsHandle: false);

    public sealed override bool CanRead => false;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => true;

    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override void Write(ReadOnlySpan<byte> buffer);

    public sealed override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    // A write to a pipe that nobody reads waits for ever; what waits for it need not.
    public sealed override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Task.Run(() => Write(buffer.Span), CancellationToken.None).WaitAsync(cancellationToken));

    public sealed override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Flush()
    {
    }

    /// <summary>Writes some of it.</summary>
    /// <param name="buffer">The bytes, at least one.</param>
    /// <param name="error">Why nothing could be written, as the system numbers it; 0 where that is not known, or where something was.</param>
    /// <returns>How many bytes; 0 for none.</returns>
    protected int WriteSome(ReadOnlySpan<byte> buffer, out int error)
    {
        error = 0;
        if (OperatingSystem.IsWindows())
            return 0;
        nint written = Write(_handle, ref MemoryMarshal.GetReference(buffer), buffer.Length);
        if (written < 0)
            error = Marshal.GetLastPInvokeError();
        return (int)Math.Max(written, 0);
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, ref byte buffer, nint count);
}
