using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>A directory that is being measured: how far its entries have been gone through, and how much those were.</summary>
/// <param name="node">The directory; disposed of with this.</param>
internal sealed class MeasuredDirectory(UnixFsNode node) : IAsyncDisposable
{
    private readonly OpenDirectory _entries = OpenDirectory.Of(node);

    public Cid Cid => node.Cid;

    /// <summary>The entry that was moved to.</summary>
    public NamedLink Current => _entries.Current;

    /// <summary>What there was so far, the directory itself among it.</summary>
    public TreeExtent Extent { get; private set; } = new(1, 0);

    /// <summary>Directories inside each other, this one among them.</summary>
    public int Height { get; private set; } = 1;

    public void Start(DirectoryReader directories, CancellationToken cancellationToken) => _entries.Start(directories, cancellationToken);

    public ValueTask<bool> MoveNextAsync() => _entries.MoveNextAsync();

    /// <summary>Takes an entry's measure in.</summary>
    /// <exception cref="Faults.IpdrException">It is too much now.</exception>
    public void Add(Cid entry, TreeExtent extent, int height, DagLimits limits)
    {
        Extent = Extent.With(entry, extent, limits);
        Height = Math.Max(Height, height + 1);
    }

    public ValueTask DisposeAsync() => _entries.DisposeAsync();
}
