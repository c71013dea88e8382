using System.Buffers;
using System.IO.Pipelines;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Car;

/// <summary>Writes a CAR of version 1 with what a path leads to, out of any source: depth first, a node before what it links to, in the order of its links.</summary>
/// <remarks>Every block is checked against its CID before it is written. Memory is a block for each level, and a hash for each block where none is written twice.</remarks>
public sealed class CarExport
{
    // Deeper than any file or shard of any directory that is read here.
    private const int MaxDepth = 512;

    private readonly Tee _tee;
    private readonly NodeReader _nodes;
    private readonly CheckedBlocks _blocks;
    private readonly PipeWriter _output;
    private readonly CarSelection _selection;
    private readonly HashSet<Multihash> _written = [];

    // Nodes of which all that is wanted below them is written too. A few of them can link to each other so that they spell exabytes.
    // Not by hash: the bytes of a node may also be those of a file, and then there is nothing below them.
    private readonly HashSet<Cid> _complete = [];

    private int _blockCount;
    private long _repeatedBytes;

    private CarExport(IBlockSource source, PipeWriter output, CarSelection selection)
    {
        DagLimits limits = new();
        _blocks = new CheckedBlocks(source, limits);
        _tee = new Tee(this);
        _nodes = new NodeReader(_tee, limits);
        _output = output;
        _selection = selection;
    }

    /// <summary>Writes a CAR.</summary>
    /// <param name="source">Where the blocks are.</param>
    /// <param name="path">What is wanted; it was looked at, and leads to something.</param>
    /// <param name="target">What it leads to, which is the CAR's root.</param>
    /// <param name="selection">How much of it.</param>
    /// <param name="output">The CAR; not completed here.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <exception cref="IpdrException">A block is missing, wrong or malformed: then what was written is not whole.</exception>
    public static async Task WriteAsync(IBlockSource source, ContentPath path, Cid target, CarSelection selection, PipeWriter output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        await output.WriteAsync(CarHeaderCodec.Encode(target), cancellationToken).ConfigureAwait(false);
        await new CarExport(source, output, selection).WriteAsync(path, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteAsync(ContentPath path, CancellationToken cancellationToken)
    {
        // Whoever reads through the tee writes; the way to the target is read once, in its order.
        Cid target = await DagReader.FindAsync(_nodes, path, cancellationToken).ConfigureAwait(false);
        if (_selection.Scope == CarScope.Block || (_selection.Scope == CarScope.Entity && target.Codec is not Multicodec.DagPb))
        {
            (await _tee.TryReadAsync(target, cancellationToken).ConfigureAwait(false))?.Dispose();
            return;
        }
        if (_selection.Scope == CarScope.All && _selection.Bytes is null)
        {
            await WriteAllAsync(target, 0, cancellationToken).ConfigureAwait(false);
            return;
        }
        using UnixFsNode? node = await TryReadNodeAsync(target, cancellationToken).ConfigureAwait(false);
        if (node is null)
            return;
        if (node.Kind == DagEntryKind.File)
        {
            (long start, long end) = _selection.Bytes is { } bytes ? bytes.In(node.FileSize) : (0, node.FileSize);
            await WriteFileAsync(node, 0, start, end, 0, cancellationToken).ConfigureAwait(false);
        }
        else if (node.Type == UnixFsType.HamtShard)
        {
            await WriteShardsAsync(node, 0, cancellationToken).ConfigureAwait(false);
        }
    }

    // Null for a block that is no UnixFS: it is an entity of its own, and is written by having been read.
    private async ValueTask<UnixFsNode?> TryReadNodeAsync(Cid target, CancellationToken cancellationToken)
    {
        try
        {
            return await _nodes.ReadAsync(target, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e) when (e.Fault.Code == FaultCode.BadNode)
        {
            return null;
        }
    }

    private async Task WriteFileAsync(UnixFsNode node, long position, long start, long end, int depth, CancellationToken cancellationToken)
    {
        Deepen(node.Cid, depth);
        position += node.Data.Length;
        for (int i = 0; i < node.BlockSizes.Count; position += node.BlockSizes[i++])
        {
            if (position >= end || position + node.BlockSizes[i] <= start || IsComplete(node.Links[i].Cid))
                continue;
            using UnixFsNode child = await _nodes.ReadAsync(node.Links[i].Cid, cancellationToken).ConfigureAwait(false);
            if (child.Kind != DagEntryKind.File)
                throw DagFaults.NoPart(node.Cid);
            await WriteFileAsync(child, position, start, end, depth + 1, cancellationToken).ConfigureAwait(false);
            if (child.Links.Length > 0 && position >= start && position + node.BlockSizes[i] <= end)
                _complete.Add(child.Cid);
        }
    }

    private async Task WriteShardsAsync(UnixFsNode shard, int depth, CancellationToken cancellationToken)
    {
        Deepen(shard.Cid, depth);
        int prefix = shard.Fanout <= 16 ? 1 : shard.Fanout <= 256 ? 2 : 3;
        for (int i = 0; i < shard.Links.Length; i++)
        {
            // A link without an entry's name leads to another shard.
            if (shard.NameOf(shard.Links[i]).Length != prefix || IsComplete(shard.Links[i].Cid))
                continue;
            using UnixFsNode child = await _nodes.ReadAsync(shard.Links[i].Cid, cancellationToken).ConfigureAwait(false);
            if (child.Type == UnixFsType.HamtShard)
                await WriteShardsAsync(child, depth + 1, cancellationToken).ConfigureAwait(false);
            _complete.Add(child.Cid);
        }
    }

    private bool IsComplete(Cid cid) => !_selection.Duplicates && _complete.Contains(cid);

    private async Task WriteAllAsync(Cid cid, int depth, CancellationToken cancellationToken)
    {
        Deepen(cid, depth);
        // What was met before has all that is below it written as well. A leaf has nothing there, so it needs no second entry.
        if (!_selection.Duplicates && !(cid.Codec == Multicodec.DagPb ? _complete.Add(cid) : !_written.Contains(cid.Hash)))
            return;
        Cid[] links;
        using (IMemoryOwner<byte> block = await _tee.TryReadAsync(cid, cancellationToken).ConfigureAwait(false) ?? throw DagFaults.Missing(cid))
            links = cid.Codec == Multicodec.DagPb ? [.. DagPbNode.Decode(cid, block.Memory.Span, _nodes.Limits.MaxLinks).Links.Select(link => link.Cid)] : [];
        foreach (Cid link in links)
            await WriteAllAsync(link, depth + 1, cancellationToken).ConfigureAwait(false);
    }

    private static void Deepen(Cid cid, int depth)
    {
        if (depth > MaxDepth)
            throw DagFaults.Limit(DagFaults.Place(cid), "nodes are nested too deep", nameof(MaxDepth), MaxDepth);
    }

    private async ValueTask<IMemoryOwner<byte>> ReadAndWriteAsync(Cid cid, CancellationToken cancellationToken)
    {
        IMemoryOwner<byte> block = await _blocks.ReadAsync(cid, cancellationToken).ConfigureAwait(false);
        try
        {
            if (cid.Hash.Code != MultihashCode.Identity && (_written.Add(cid.Hash) || IsRepeated(cid, block.Memory.Length)))
            {
                if (++_blockCount > _selection.MaxBlocks)
                    throw DagFaults.Limit(DagFaults.Place(cid), "the CAR would have too many blocks", nameof(CarSelection.MaxBlocks), _selection.MaxBlocks);
                WriteSection(cid, block.Memory.Span);
                await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
            return block;
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }

    private bool IsRepeated(Cid cid, int length)
    {
        if (_selection.Duplicates && (_repeatedBytes += length) > _selection.MaxRepeatedBytes)
            throw DagFaults.Limit(DagFaults.Place(cid), "the CAR would have the same blocks too often", nameof(CarSelection.MaxRepeatedBytes), _selection.MaxRepeatedBytes);
        return _selection.Duplicates;
    }

    // In one piece: a server frames what it sends, and would do so for each small page of its buffers. So both ends would.
    private void WriteSection(Cid cid, ReadOnlySpan<byte> block)
    {
        Span<byte> room = _output.GetSpan(CarSection.MaxHeadLength + block.Length);
        int head = CarSection.WriteHead(room, cid, block.Length);
        block.CopyTo(room[head..]);
        _output.Advance(head + block.Length);
    }

    /// <summary>Writes what is read.</summary>
    private sealed class Tee(CarExport export) : ICheckedBlockSource
    {
        public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default) =>
            await export.ReadAndWriteAsync(cid, cancellationToken).ConfigureAwait(false);
    }
}
