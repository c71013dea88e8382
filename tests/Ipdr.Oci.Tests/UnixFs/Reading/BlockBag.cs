using System.Buffers;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.UnixFs.Reading;

/// <summary>Blocks in memory. It can be told to lie.</summary>
internal sealed class BlockBag : IBlockSource
{
    private readonly Dictionary<Multihash, byte[]> _blocks = [];
    private readonly Dictionary<Multihash, Cid> _names = [];
    private int _reads;

    /// <summary>How often a block was asked for.</summary>
    public int Reads => _reads;

    public IEnumerable<byte[]> Blocks => _blocks.Values;

    /// <summary>The blocks that were added one by one, each under the name that it was given.</summary>
    public IEnumerable<(Cid Cid, byte[] Bytes)> Sections => _blocks.Select(block => (_names[block.Key], block.Value));

    public static async Task<BlockBag> OfAsync(Dag dag)
    {
        BlockBag bag = new();
        foreach (DagBlock block in dag.Blocks())
        {
            byte[] bytes = new byte[block.Length];
            await block.ReadAsync(bytes, TestContext.Current.CancellationToken);
            bag._blocks[block.Cid.Hash] = bytes;
        }
        return bag;
    }

    public Cid AddRaw(params byte[] bytes) => Add(Multicodec.Raw, bytes);

    public Cid AddNode(Node node) => Add(Multicodec.DagPb, node.ToBytes());

    public void Add(Cid cid, byte[] bytes)
    {
        _blocks[cid.Hash] = bytes;
        _names[cid.Hash] = cid;
    }

    public Cid Add(Multicodec codec, byte[] bytes)
    {
        Multihash hash = Multihash.OfContent(MultihashCode.Sha256, bytes);
        _blocks[hash] = bytes;
        return _names[hash] = Cid.Create(1, codec, hash);
    }

    public void TakeFrom(BlockBag other)
    {
        foreach ((Multihash hash, byte[] bytes) in other._blocks)
            _blocks[hash] = bytes;
    }

    public void Replace(Cid cid, byte[] bytes) => _blocks[cid.Hash] = bytes;

    public void Remove(Cid cid) => _blocks.Remove(cid.Hash);

    public ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reads);
        Assert.NotEqual(MultihashCode.Identity, cid.Hash.Code);
        return ValueTask.FromResult<IMemoryOwner<byte>?>(_blocks.TryGetValue(cid.Hash, out byte[]? bytes) ? BlockBuffer.Of(bytes) : null);
    }
}
