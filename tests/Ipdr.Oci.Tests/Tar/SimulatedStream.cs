namespace Ipdr.Oci.Tests.Tar;

/// <summary>A stream made of nothing: some bytes, and then a length of whatever the buffer holds.</summary>
internal sealed class SimulatedStream(byte[] start, long length) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = (int)Math.Min(buffer.Length, start.Length + length - _position);
        if (_position < start.Length)
        {
            count = (int)Math.Min(count, start.Length - _position);
            start.AsMemory((int)_position, count).CopyTo(buffer);
        }
        _position += count;
        return ValueTask.FromResult(count);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
