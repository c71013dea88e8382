using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>The content of a file, read from its blocks as it is asked for, each checked before a byte of it is given out.</summary>
/// <remarks>It holds the nodes that lead to the current place. Only asynchronous reading is possible.</remarks>
internal sealed class UnixFsFileStream : Stream
{
    private readonly NodeReader _nodes;
    private readonly bool _ownsRoot;
    private readonly Stack<FileFrame> _path = [];
    private long _position;

    /// <param name="nodes">Where the blocks come from.</param>
    /// <param name="root">The top node.</param>
    /// <param name="ownsRoot">Whether it is disposed of with the stream.</param>
    public UnixFsFileStream(NodeReader nodes, UnixFsNode root, bool ownsRoot)
    {
        _nodes = nodes;
        _ownsRoot = ownsRoot;
        Length = root.FileSize;
        _path.Push(new FileFrame(root, 0));
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => Length,
    };

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        ReadOnlyMemory<byte> piece = await NextAsync(cancellationToken).ConfigureAwait(false);
        int count = Math.Min(piece.Length, buffer.Length);
        piece[..count].CopyTo(buffer);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // Whole blocks go straight to where they are wanted.
    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        for (ReadOnlyMemory<byte> piece; !(piece = await NextAsync(cancellationToken).ConfigureAwait(false)).IsEmpty; _position += piece.Length)
            await destination.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("blocks are fetched asynchronously");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            while (_path.Count > 1)
                _path.Pop().Node.Dispose();
            if (_ownsRoot && _path.TryPop(out FileFrame? root))
                root.Node.Dispose();
        }
        base.Dispose(disposing);
    }

    // The bytes from the current position to the end of the block that has them; none at the end of the file.
    private async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_path.Count == 0, this);
        if (_position >= Length)
            return default;
        while (!_path.Peek().Covers(_position))
            _path.Pop().Node.Dispose();
        FileFrame frame = _path.Peek();
        for (; _position >= frame.DataEnd; frame = _path.Peek())
            _path.Push(await DescendAsync(frame, cancellationToken).ConfigureAwait(false));
        return frame.Node.Data[(int)(_position - frame.Start)..];
    }

    private async ValueTask<FileFrame> DescendAsync(FileFrame frame, CancellationToken cancellationToken)
    {
        (int index, long start) = frame.ChildAt(_position);
        Cid cid = frame.Node.Links[index].Cid;
        if (_path.Count >= _nodes.Limits.MaxNodeDepth)
            throw DagFaults.FileTooDeep(cid, _nodes.Limits);
        UnixFsNode child = await _nodes.ReadAsync(cid, cancellationToken).ConfigureAwait(false);
        if (child.Kind == DagEntryKind.File && child.FileSize == frame.Node.BlockSizes[index])
            return new FileFrame(child, start);
        child.Dispose();
        throw child.Kind == DagEntryKind.File ? DagFaults.WrongPart(frame.Node.Cid, child.FileSize, frame.Node.BlockSizes[index]) : DagFaults.NoPart(frame.Node.Cid);
    }
}
