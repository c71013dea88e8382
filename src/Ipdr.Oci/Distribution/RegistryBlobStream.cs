using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Streams;

namespace Ipdr.Oci.Distribution;

/// <summary>A blob as it comes from a registry. Where the line breaks it goes on from there. The bytes are not checked.</summary>
/// <param name="client">The registry.</param>
/// <param name="blob">The blob.</param>
/// <param name="position">Where to begin, in bytes.</param>
internal sealed class RegistryBlobStream(RegistryClient client, Descriptor blob, long position) : ReadOnlyStream
{
    // So much has to come before a line that breaks is trusted anew.
    private const int RecoveryBytes = 1 << 20;

    private long _position = position;
    private long _brokeAt;
    private int _failures;
    private Stream? _body;

    /// <summary>Opens the connection, so that what is not there is said before anything is read.</summary>
    /// <exception cref="IpdrException">The registry does not have the blob, or does not answer.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken) => _body = await client.GetBlobAsync(blob, _position, cancellationToken).ConfigureAwait(false);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                if (_body is null)
                    await OpenAsync(cancellationToken).ConfigureAwait(false);
                int count = await _body!.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (count == 0 && buffer.Length > 0 && _position < blob.Size)
                    throw new IpdrException(new Fault(FaultCode.RegistryUnreachable, $"the registry ended its answer {blob.Size - _position} bytes early", client.PlaceOf(blob), "Try again later."));
                _position += count;
                return count;
            }
            catch (IpdrException e) when (e.Fault.Code == FaultCode.RegistryUnreachable && MayGoOn())
            {
                await CloseAsync().ConfigureAwait(false);
                await client.PauseAsync(_failures, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _body?.Dispose();
        base.Dispose(disposing);
    }

    private bool MayGoOn()
    {
        if (_position - _brokeAt >= RecoveryBytes)
            _failures = 0;
        _brokeAt = _position;
        return ++_failures < client.Options.MaxAttempts;
    }

    private async ValueTask CloseAsync()
    {
        if (_body is not null)
            await _body.DisposeAsync().ConfigureAwait(false);
        _body = null;
    }
}
