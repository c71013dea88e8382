using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Destinations.Dags;

/// <summary>The way of blocks to one destination.</summary>
internal sealed class DagLane : IDisposable
{
    // The slowest destination holds the others up when it is so far behind.
    private const int MaxWaiting = 8;

    private readonly IDagDestination _destination;
    private readonly ContentProgress _progress;
    private readonly Channel<SharedBlock> _waiting = Channel.CreateBounded<SharedBlock>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _ended = new();
    private long _blocks;
    private long _bytes;
    private IpdrException? _failure;

    public DagLane(IDagDestination destination, DagOffer offer)
    {
        _destination = destination;
        _progress = new ContentProgress(destination.Name, offer.Bytes);
    }

    public ContentProgress Progress => _progress;

    public bool HasFailed => _failure is not null;

    public DagDelivered Result => new(_destination.Name, _blocks, _bytes, _failure);

    /// <summary>Tops of DAGs that are not sent.</summary>
    public IReadOnlySet<Cid> Present { get; private set; } = new HashSet<Cid>();

    public async Task AskAsync(DagOffer offer, CancellationToken cancellationToken)
    {
        try
        {
            Present = await _destination.FindPresentAsync(offer, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e)
        {
            _failure = e;
        }
    }

    /// <summary>Lets the destination receive until it has all, or fails.</summary>
    public async Task RunAsync(DagOffer offer, CancellationToken cancellationToken)
    {
        try
        {
            await _destination.ReceiveAsync(offer, ReadAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e)
        {
            _failure = e;
        }
        finally
        {
            await _ended.CancelAsync().ConfigureAwait(false);
            while (_waiting.Reader.TryRead(out SharedBlock? block))
                block.Release();
        }
    }

    /// <summary>Sends a block; one that is not taken any more is let go.</summary>
    public async ValueTask SendAsync(SharedBlock block, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, cancellationToken);
        try
        {
            await _waiting.Writer.WriteAsync(block, stop.Token).ConfigureAwait(false);
            if (_ended.IsCancellationRequested && _waiting.Reader.TryRead(out SharedBlock? late))
                late.Release();
        }
        catch (OperationCanceledException)
        {
            block.Release();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Says that there are no more blocks, or why there cannot be.</summary>
    public void Complete(Exception? failure) => _waiting.Writer.TryComplete(failure);

    public void Dispose() => _ended.Dispose();

    private async IAsyncEnumerable<DagPiece> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (SharedBlock block in _waiting.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                yield return new DagPiece(block.Cid, block.Bytes);
                _blocks++;
                _bytes += block.Bytes.Length;
                _progress.Add(block.Bytes.Length);
            }
            finally
            {
                block.Release();
            }
        }
    }
}
