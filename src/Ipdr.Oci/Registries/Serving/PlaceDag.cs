using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Registries.Serving;

/// <summary>What a place has by itself: a DAG, which is known once the place has been read.</summary>
/// <param name="place">What messages call it.</param>
/// <param name="read">Reads it; null for what cannot have one.</param>
internal sealed class PlaceDag(string place, Func<CancellationToken, Task<Dag?>> read)
{
    private readonly TaskCompletionSource<Cid?> _root = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What messages call it.</summary>
    public string Place => place;

    /// <summary>Its CID, once it is known; null if it has none.</summary>
    public Task<Cid?> Root => _root.Task;

    /// <summary>Reads it.</summary>
    /// <exception cref="Faults.IpdrException">It cannot be read; it has no CID then.</exception>
    public async Task<Dag?> ReadAsync(CancellationToken cancellationToken)
    {
        Dag? dag = null;
        try
        {
            return dag = await read(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _root.SetResult(dag?.Root);
        }
    }
}
