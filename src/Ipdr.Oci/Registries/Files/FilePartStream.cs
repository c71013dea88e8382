using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Registries.Files;

/// <summary>A part of a file, from front to back.</summary>
internal sealed class FilePartStream : Stream
{
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly long _start;
    private long _position;

    public FilePartStream(string path, long start, long length)
    {
        _path = path;
        _start = start;
        Length = length;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        buffer = Room(buffer);
        return Count(buffer.Length, buffer.IsEmpty ? 0 : await RandomAccess.ReadAsync(_file, buffer, _start + _position, cancellationToken).ConfigureAwait(false));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        buffer = buffer[..(int)Math.Min(buffer.Length, Length - _position)];
        return Count(buffer.Length, buffer.IsEmpty ? 0 : RandomAccess.Read(_file, buffer, _start + _position));
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }

    private Memory<byte> Room(Memory<byte> buffer) => buffer[..(int)Math.Min(buffer.Length, Length - _position)];

    private int Count(int wanted, int count)
    {
        if (wanted > 0 && count == 0)
            throw new EndOfStreamException($"{_path} is shorter than what it should hold");
        _position += count;
        return count;
    }
}
