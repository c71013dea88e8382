using Ipdr.Oci.Faults;
using Ipdr.Oci.Streams;

namespace Ipdr.Oci.Engines;

/// <summary>An export as it comes from an engine.</summary>
/// <param name="answer">The answer; disposed of with the stream.</param>
/// <param name="inner">Its body.</param>
/// <param name="place">What messages call it.</param>
internal sealed class EngineStream(HttpResponseMessage answer, Stream inner, string place) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new IpdrException(new Fault(FaultCode.EngineFailed, $"the engine broke the export off: {e.GetBaseException().Message.TrimEnd('.')}", place, "Its own log may say why."), e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            answer.Dispose();
        }
        base.Dispose(disposing);
    }
}
