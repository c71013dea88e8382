using System.Buffers;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>The blocks of DAGs that were built here. They are made or read when they are asked for.</summary>
public sealed class DagBlocks : IBlockSource
{
    private readonly Dictionary<Multihash, DagBlock> _blocks = [];

    /// <summary>Adds a DAG. Not while others read.</summary>
    /// <param name="dag">What was imported with <see cref="ImportOptions.KeepBlocks"/>.</param>
    /// <exception cref="InvalidOperationException">Its blocks were not kept.</exception>
    public void Add(Dag dag)
    {
        ArgumentNullException.ThrowIfNull(dag);
        foreach (DagBlock block in dag.Blocks())
            _blocks.TryAdd(block.Cid.Hash, block);
    }

    /// <inheritdoc/>
    public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
    {
        if (!_blocks.TryGetValue(cid.Hash, out DagBlock? block))
            return null;
        BlockBuffer bytes = new(block.Length);
        try
        {
            await block.ReadAsync(bytes.Memory, cancellationToken).ConfigureAwait(false);
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }
}
