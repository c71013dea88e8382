using System.Buffers;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Registries;

/// <summary>Layouts on the disk as sources of blocks. To know their blocks they are read once, in the background; who asks meanwhile waits.</summary>
internal sealed class LayoutBlocks : IBlockSource, IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Task<DagBlocks> _reading;
    private readonly IReadOnlyList<string> _folders;
    private volatile IReadOnlyList<Cid> _roots = [];

    /// <summary>Begins to read.</summary>
    public LayoutBlocks(IReadOnlyList<string> folders)
    {
        _folders = folders;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>The roots of the layouts that have been read.</summary>
    public IReadOnlyList<Cid> Roots => _roots;

    /// <summary>The root of one of the layouts, once it is known.</summary>
    public async Task<Cid> FindRootAsync(string folder, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _roots[_folders.Index().First(item => item.Item == folder).Index];
    }

    /// <inheritdoc/>
    public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default) =>
        await (await _reading.WaitAsync(cancellationToken).ConfigureAwait(false)).TryReadAsync(cid, cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task<DagBlocks> ReadAsync()
    {
        DagBlocks blocks = new();
        foreach (string folder in _folders)
        {
            Dag dag = await LayoutDag.ReadAsync(folder, UnixFsProfile.V1, _ending.Token).ConfigureAwait(false);
            blocks.Add(dag);
            _roots = [.. _roots, dag.Root];
        }
        return blocks;
    }
}
