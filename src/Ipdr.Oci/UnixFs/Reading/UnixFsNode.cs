using System.Buffers;
using System.Numerics;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>A block of a file, directory or link, understood. It holds the block's bytes until it is disposed of.</summary>
internal sealed class UnixFsNode : IDisposable
{
    // murmur3-x64-64 in the multicodec table.
    private const ulong ShardHash = 0x22;
    private const int MostFanout = 1024;
    private const int LeastFanout = 8;

    private readonly IMemoryOwner<byte> _block;
    private readonly DagPbLink[] _links;
    private readonly Range _data;
    private OpenBytes? _open;

    private UnixFsNode(Cid cid, IMemoryOwner<byte> block, UnixFsType type, DagPbLink[] links, Range data)
    {
        Cid = cid;
        Type = type;
        _block = block;
        _links = links;
        _data = data;
    }

    public Cid Cid { get; }

    public UnixFsType Type { get; }

    /// <summary>Bytes of the block.</summary>
    public int Length => _block.Memory.Length;

    public ReadOnlySpan<DagPbLink> Links => _links;

    /// <summary>The block itself.</summary>
    public ReadOnlyMemory<byte> Block => _block.Memory;

    /// <summary>Content of a file, target of a link, bits of a shard.</summary>
    public ReadOnlyMemory<byte> Data => _block.Memory[_data];

    /// <summary>Bytes of a file at and below this node; 0 for anything else.</summary>
    public long FileSize { get; private init; }

    /// <summary>Bytes of the file below each link.</summary>
    public IReadOnlyList<long> BlockSizes { get; private init; } = [];

    /// <summary>Buckets of a shard.</summary>
    public int Fanout { get; private init; }

    public UnixFsMetadata Metadata { get; private init; }

    public DagEntryKind Kind => Type switch
    {
        UnixFsType.Directory or UnixFsType.HamtShard => DagEntryKind.Directory,
        UnixFsType.Symlink => DagEntryKind.Symlink,
        _ => DagEntryKind.File,
    };

    /// <summary>Understands a block that has been checked against its name, and takes it over, also when it throws.</summary>
    /// <param name="cid">The block's name.</param>
    /// <param name="block">Its bytes.</param>
    /// <param name="limits">What is too much.</param>
    /// <param name="open">Where the block's bytes are counted until the node is disposed of.</param>
    /// <exception cref="IpdrException">The block is no UnixFS node, or a limit is passed.</exception>
    public static UnixFsNode Decode(Cid cid, IMemoryOwner<byte> block, DagLimits limits, OpenBytes open)
    {
        try
        {
            UnixFsNode node = cid.Codec switch
            {
                Multicodec.Raw => new UnixFsNode(cid, block, UnixFsType.File, [], Range.All) { FileSize = block.Memory.Length },
                Multicodec.DagPb => DecodeNode(cid, block, limits),
                _ => throw DagFaults.UnsupportedCodec(cid),
            };
            open.Take(cid, node.Length);
            node._open = open;
            return node;
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }

    public ReadOnlySpan<byte> NameOf(in DagPbLink link) => _block.Memory.Span.Slice(link.NameStart, link.NameLength);

    /// <summary>What the block has before and after its data.</summary>
    public (byte[] Head, byte[] Tail) Surroundings() => (_block.Memory[.._data.Start].ToArray(), _block.Memory[_data.End..].ToArray());

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _open, null) is { } open)
            open.Return(Length);
        _block.Dispose();
    }

    private static UnixFsNode DecodeNode(Cid cid, IMemoryOwner<byte> block, DagLimits limits)
    {
        ReadOnlySpan<byte> bytes = block.Memory.Span;
        DagPbNode node = DagPbNode.Decode(cid, bytes, limits.MaxLinks);
        if (node.Data is not { } range)
            throw DagFaults.BadNode(cid, "the node has no data: it is not UnixFS");
        UnixFsMessage message = UnixFsMessage.Decode(cid, bytes[range], limits.MaxLinks);
        int start = range.Start.Value + message.DataStart;
        UnixFsNode decoded = new(cid, block, message.Type, node.Links, start..(start + message.DataLength))
        {
            FileSize = message.Type is UnixFsType.File or UnixFsType.Raw ? CheckFile(cid, message, node.Links) : 0,
            BlockSizes = message.BlockSizes,
            Fanout = message.Type == UnixFsType.HamtShard ? CheckShard(cid, message, bytes.Slice(start, message.DataLength), node.Links.Length) : 0,
            Metadata = message.Metadata,
        };
        if (message.Type == UnixFsType.Symlink && node.Links.Length > 0)
            throw DagFaults.BadNode(cid, "a symbolic link has links to blocks");
        return decoded;
    }

    private static long CheckFile(Cid cid, UnixFsMessage message, DagPbLink[] links)
    {
        if (message.BlockSizes.Count != links.Length)
            throw DagFaults.BadNode(cid, $"a file's node has {links.Length} links and {message.BlockSizes.Count} sizes for them");
        if (links.Any(link => link.NameLength > 0))
            throw DagFaults.BadNode(cid, "a part of a file has a name");
        Int128 size = message.DataLength;
        foreach (long part in message.BlockSizes)
            size += part;
        if (size > long.MaxValue || (message.FileSize is { } stated && stated != (ulong)size))
            throw DagFaults.BadNode(cid, $"a file's node states {message.FileSize} bytes, and its parts have {size}");
        return (long)size;
    }

    private static int CheckShard(Cid cid, UnixFsMessage message, ReadOnlySpan<byte> bitfield, int links)
    {
        if (message.HashType != ShardHash)
            throw DagFaults.BadNode(cid, $"a sharded directory is ordered by hash 0x{message.HashType:x}, and only murmur3-x64-64 (0x22) is known");
        if (message.Fanout is < LeastFanout or > MostFanout || !BitOperations.IsPow2(message.Fanout))
            throw DagFaults.BadNode(cid, $"a shard has {message.Fanout} buckets, which is no power of two from {LeastFanout} to {MostFanout}");
        int used = 0;
        foreach (byte bits in bitfield)
            used += BitOperations.PopCount(bits);
        if (bitfield.Length > (int)message.Fanout / 8 || used != links)
            throw DagFaults.BadNode(cid, $"a shard marks {used} buckets as used and has {links} links");
        return (int)message.Fanout;
    }
}
