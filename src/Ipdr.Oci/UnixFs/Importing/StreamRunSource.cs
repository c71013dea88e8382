namespace Ipdr.Oci.UnixFs.Importing;

/// <summary>A stream: one reader at a time reads, while the others hash.</summary>
internal sealed class StreamRunSource(Stream stream, string name) : RunSource, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private long _next;

    public override string Name => name;

    public override async ValueTask<ContentRun> ReadAsync(Memory<byte> room, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            int length = await stream.ReadAtLeastAsync(room, room.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return new ContentRun(_next++, length);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
