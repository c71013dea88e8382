using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Destinations.Dags;

/// <summary>A place that keeps DAGs: a daemon, a cluster, a file. This is all that a new kind of place has to bring.</summary>
public interface IDagDestination : IAsyncDisposable
{
    /// <summary>What messages call it, as it is written on a command line.</summary>
    string Name { get; }

    /// <summary>Whether it takes blocks. One that fetches them itself comes after all that do.</summary>
    bool TakesBlocks => true;

    /// <summary>Tells what need not be sent. Called once, before <see cref="ReceiveAsync"/>.</summary>
    /// <returns>Tops of DAGs of which the place has every block: the root, files of the offer, or none.</returns>
    /// <exception cref="IpdrException">The place does not answer, or will not take it.</exception>
    Task<IReadOnlySet<Cid>> FindPresentAsync(DagOffer offer, CancellationToken cancellationToken) => Task.FromResult<IReadOnlySet<Cid>>(new HashSet<Cid>());

    /// <summary>Takes the blocks, and comes back when the place has all of the DAG and keeps it.</summary>
    /// <param name="offer">What it is.</param>
    /// <param name="blocks">Each block once, a node before what it links to, but for what is there. To be read to its end, once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">The place cannot take it.</exception>
    Task ReceiveAsync(DagOffer offer, IAsyncEnumerable<DagPiece> blocks, CancellationToken cancellationToken);
}
