using Ipdr.Oci.Streams;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Verification.Files;

/// <summary>Gives a sink all bytes that are read.</summary>
/// <param name="inner">The content; disposed of with this.</param>
/// <param name="sink">Stays with the caller.</param>
internal sealed class FileSinkStream(Stream inner, FileSink sink) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        sink.Append(buffer.Span[..count]);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
