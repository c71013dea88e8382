using Ipdr.Oci.Engines;
using Ipdr.Oci.Streams;

namespace Ipdr.Oci.Sources;

/// <summary>An export that keeps the connection to its engine for as long as it is read.</summary>
/// <param name="client">The engine; disposed of with this.</param>
/// <param name="inner">The export; disposed of with this.</param>
internal sealed class EngineExport(EngineClient client, Stream inner) : ReadOnlyStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            client.Dispose();
        }
        base.Dispose(disposing);
    }
}
