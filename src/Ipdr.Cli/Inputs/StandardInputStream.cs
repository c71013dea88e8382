using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Cli.Inputs;

/// <summary>Standard input whose reads can be given up: the system's own read of a pipe cannot be interrupted.</summary>
internal sealed partial class StandardInputStream : Stream
{
    // F_SETPIPE_SZ of Linux
    private const int SetPipeSize = 1031;

    // As much as Linux gives to anybody. By itself a pipe holds 64 KiB: then reader and writer wait for each other at every read.
    private const int PipeBytes = 1 << 20;

    private readonly FileStream _input;

    public StandardInputStream()
    {
        SafeFileHandle handle = new(0, ownsHandle: false);
        // Where that fails it is no pipe, or it stays as it is.
        if (OperatingSystem.IsLinux())
            _ = Control(handle, SetPipeSize, PipeBytes);
        _input = new FileStream(handle, FileAccess.Read, bufferSize: 0);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(_input.ReadAsync(buffer, CancellationToken.None).AsTask().WaitAsync(cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => _input.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _input.Dispose();
        base.Dispose(disposing);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(SafeFileHandle file, int command, int argument);
}
