using Ipdr.Oci.Streams;

namespace Ipdr.Oci.Archives;

/// <summary>A stream whose first bytes can be looked at before they are read.</summary>
/// <param name="inner">The stream.</param>
/// <param name="leaveOpen">Disposing of this leaves the inner stream open.</param>
internal sealed class PeekedStream(Stream inner, bool leaveOpen = true) : ReadOnlyStream
{
    private byte[] _start = [];
    private int _from;
    private int _to;

    /// <summary>The next bytes, at most <paramref name="count"/>, fewer only where the stream ends before.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken cancellationToken)
    {
        int have = _to - _from;
        if (have < count)
        {
            byte[] start = new byte[count];
            _start.AsSpan(_from, have).CopyTo(start);
            int more = await inner.ReadAtLeastAsync(start.AsMemory(have), count - have, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            (_start, _from, _to) = (start, 0, have + more);
        }
        return _start.AsMemory(_from, Math.Min(count, _to - _from));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = Math.Min(buffer.Length, _to - _from);
        if (count == 0)
            return inner.ReadAsync(buffer, cancellationToken);
        _start.AsMemory(_from, count).CopyTo(buffer);
        _from += count;
        return ValueTask.FromResult(count);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
