namespace Ipdr.Oci.Compression.Gzip;

/// <summary>A write-only stream into a fixed room, which drops what does not fit and remembers that something did not.</summary>
internal sealed class BoundedOutput(Memory<byte> room) : Stream
{
    private bool _closed;

    /// <summary>How much was written, in bytes.</summary>
    public int Written { get; private set; }

    /// <summary>Whether more was written than there is room for.</summary>
    public bool IsOverrun { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Drops what is written from now on, and does not count it.</summary>
    public override void Close() => _closed = true;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_closed || IsOverrun)
            return;
        IsOverrun = !buffer.TryCopyTo(room.Span[Written..]);
        Written += IsOverrun ? 0 : buffer.Length;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
