using Ipdr.Oci.Car;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Gateways;

/// <summary>A CAR that is an answer's body: its blocks as they come, each held against its name.</summary>
internal sealed class CarBody : IAsyncDisposable
{
    private readonly string _place;
    private readonly Stream _body;
    private readonly CarLimits _limits;
    private CarReader? _reader;

    /// <param name="place">Who gives it, for messages.</param>
    /// <param name="body">The answer's body, which goes with this.</param>
    /// <param name="maxBlockBytes">Largest block accepted, in bytes.</param>
    public CarBody(string place, Stream body, int maxBlockBytes)
    {
        (_place, _body) = (place, body);
        _limits = new CarLimits { MaxBlockBytes = maxBlockBytes };
    }

    /// <summary>The next block, for the caller to dispose of; null at the end, which does not mean that all was in it.</summary>
    /// <exception cref="SourceException">It is no CAR, is cut off, stalls, or has a wrong block in it.</exception>
    public async ValueTask<FetchedBlock?> ReadNextAsync(CancellationToken cancellationToken)
    {
        try
        {
            _reader ??= await CarReader.OpenAsync(_body, _limits, cancellationToken).ConfigureAwait(false);
            return await _reader.ReadNextOwnedAsync(cancellationToken).ConfigureAwait(false) is { } block ? new FetchedBlock(block.Cid, block.Bytes) : null;
        }
        catch (CarFormatException e)
        {
            // A CAR that is no CAR, or has a wrong block in it, is the gateway's doing.
            Fault fault = e.Fault.Within($"{_place}{Fault.PlaceSeparator}CAR");
            throw new SourceException(fault.Code == FaultCode.Truncated ? SourceFailure.Stalled : SourceFailure.Misbehaves, fault, e);
        }
    }

    public ValueTask DisposeAsync()
    {
        _reader?.Dispose();
        return _body.DisposeAsync();
    }
}
