using Ipdr.Oci.Streams;

namespace Ipdr.Oci.Tests.Transfer;

/// <summary>Tells what is read, which may throw.</summary>
internal sealed class WatchedStream(Stream inner, Action<int> read) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await inner.ReadAsync(buffer, cancellationToken);
        read(count);
        return count;
    }
}
