using Ipdr.Oci.Digests;
using Ipdr.Oci.Streams;

namespace Ipdr.Oci.Verification.Files;

/// <summary>Content that comes from somebody else, who might send without end: one byte more than was promised is refused.</summary>
/// <param name="inner">The content; disposed of with this.</param>
/// <param name="size">Bytes that were promised.</param>
internal sealed class PromisedStream(Stream inner, long size) : ReadOnlyStream
{
    private long _taken;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _taken += count;
        return _taken <= size ? count : throw new SizeMismatchException(size, size + 1, "");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
