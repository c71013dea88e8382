namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>A node that a walk stands at; if it is a directory, also how far its entries have been gone through.</summary>
internal sealed class OpenDirectory : IAsyncDisposable
{
    private readonly UnixFsNode _node;
    private IAsyncEnumerator<NamedLink>? _entries;

    private OpenDirectory(UnixFsNode node) => _node = node;

    /// <summary>From where the walk began.</summary>
    public string Path { get; set; } = "";

    /// <summary>The entry that was moved to.</summary>
    public NamedLink Current => _entries!.Current;

    public string PathOfCurrent => Path.Length == 0 ? Current.Name : $"{Path}/{Current.Name}";

    /// <summary>Takes a node over.</summary>
    public static OpenDirectory Of(UnixFsNode node) => new(node);

    /// <summary>Begins with the entries; there are none unless the node is a directory.</summary>
    public void Start(DirectoryReader directories, CancellationToken cancellationToken)
    {
        if (_node.Kind == DagEntryKind.Directory)
            _entries = directories.ListAsync(_node, cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    public ValueTask<bool> MoveNextAsync() => _entries?.MoveNextAsync() ?? ValueTask.FromResult(false);

    public async ValueTask DisposeAsync()
    {
        if (_entries is not null)
            await _entries.DisposeAsync().ConfigureAwait(false);
        _node.Dispose();
    }
}
