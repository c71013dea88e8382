namespace Ipdr.Oci.Tests.Tar;

/// <summary>Counts what is written, and keeps the first bytes.</summary>
internal sealed class CountingStream(int keep) : Stream
{
    private readonly List<byte> _start = [];

    public long Count { get; private set; }

    public byte[] Start => [.. _start];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Count;

    public override long Position { get => Count; set => throw new NotSupportedException(); }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _start.AddRange(buffer.Span[..Math.Min(buffer.Length, keep - _start.Count)]);
        Count += buffer.Length;
        return ValueTask.CompletedTask;
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
