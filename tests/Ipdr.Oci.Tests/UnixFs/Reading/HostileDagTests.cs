using System.Text;
using CsCheck;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Directories;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.UnixFs.Reading;

/// <summary>Every lie that blocks with right hashes can tell ends in one clear fault, and leaves nothing on the disk.</summary>
public sealed class HostileDagTests
{
    private readonly BlockBag _bag = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_block_with_other_content_is_told_with_both_hashes()
    {
        Cid leaf = _bag.AddRaw(1, 2, 3), root = _bag.AddNode(Node.Directory(("a", leaf)));
        _bag.Replace(leaf, [1, 2, 4]);
        Fault fault = await RefusedAsync(root, FaultCode.DigestMismatch);
        Assert.Equal((leaf.Hash.ToString(), $"block {leaf}"), (fault.Expected, fault.Where));
        Assert.NotEqual(fault.Expected, fault.Actual);
    }

    [Fact]
    public async Task A_missing_block_is_named()
    {
        Cid leaf = _bag.AddRaw(1, 2, 3), root = _bag.AddNode(Node.Directory(("a", leaf)));
        _bag.Remove(leaf);
        Assert.Equal($"block {leaf}", (await RefusedAsync(root, FaultCode.MissingBlock)).Where);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("/")]
    [InlineData("../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    public async Task A_name_that_leads_elsewhere_is_refused(string name)
    {
        Cid file = _bag.AddRaw(1);
        await RefusedAsync(_bag.AddNode(Node.Directory((name, file))), FaultCode.PathTraversal);
        await RefusedAsync(_bag.AddNode(Node.Directory(("good", _bag.AddNode(Node.Directory((name, file)))))), FaultCode.PathTraversal);
    }

    [Fact]
    public async Task A_name_that_is_no_text_or_too_long_is_refused()
    {
        Cid file = _bag.AddRaw(1);
        await RefusedAsync(_bag.AddNode(new Node().Type(1).Link(file, [0xff, 0xfe])), FaultCode.PathTraversal);
        Fault fault = await RefusedAsync(_bag.AddNode(Node.Directory((new string('x', 256), file))), FaultCode.PathTraversal);
        Assert.InRange(fault.What.Length, 1, 300);
    }

    [Fact]
    public async Task A_name_that_is_there_twice_is_refused()
    {
        Cid file = _bag.AddRaw(1), link = _bag.AddNode(Node.Symlink("/etc"));
        await RefusedAsync(_bag.AddNode(Node.Directory(("a", file), ("a", file))), FaultCode.AmbiguousDuplicate);
        // The old trick: first a link that leads away, then a directory of that name to write into.
        await RefusedAsync(_bag.AddNode(Node.Directory(("a", link), ("a", _bag.AddNode(Node.Directory(("passwd", file)))))), FaultCode.AmbiguousDuplicate);
    }

    [Fact]
    public async Task Sizes_that_do_not_fit_are_refused()
    {
        Cid three = _bag.AddRaw(1, 2, 3);
        await RefusedAsync(_bag.AddNode(Node.File((three, 4))), FaultCode.BadNode);
        await RefusedAsync(_bag.AddNode(Node.File((three, long.MaxValue), (three, long.MaxValue))), FaultCode.BadNode);
        await RefusedAsync(_bag.AddNode(new Node().Type(2).Number(3, 3).Link(three, "")), FaultCode.BadNode);
        await RefusedAsync(_bag.AddNode(new Node().Type(2).Number(3, 4).Number(4, 3).Link(three, "")), FaultCode.BadNode);
        await RefusedAsync(_bag.AddNode(new Node().Type(2).Number(3, 3).Number(4, 3).Link(three, "name")), FaultCode.BadNode);
        await RefusedAsync(_bag.AddNode(new Node().Type(2).Number(3, ulong.MaxValue)), FaultCode.BadNode);
        // The parts of an inner node lie, the sums agree.
        Cid inner = _bag.AddNode(Node.File((three, 3), (three, 3)));
        await RefusedAsync(_bag.AddNode(Node.File((inner, 5), (three, 4))), FaultCode.BadNode);
    }

    [Fact]
    public async Task A_part_of_a_file_that_is_no_file_is_refused()
    {
        Cid directory = _bag.AddNode(Node.Directory());
        await RefusedAsync(_bag.AddNode(Node.File((directory, 3))), FaultCode.BadNode);
    }

    [Fact]
    public async Task Tsize_means_nothing()
    {
        Cid file = _bag.AddRaw(1, 2, 3);
        Cid root = _bag.AddNode(new Node().Type(1).Link(file, "a", ulong.MaxValue).Link(file, "b", 0));
        using TemporaryFolder folder = new();
        Assert.Equal(new TreeSummary(root, 3, 6), await TreeExtractor.ExtractAsync(_bag, ContentPath.Of(root), folder.File("out"), cancellationToken: Token));
    }

    [Theory]
    [InlineData("deadbeef")]                                      // no protobuf
    [InlineData("0a0208010a020801")]                              // data twice
    [InlineData("1a020801")]                                      // a field that no node has
    [InlineData("0a020863")]                                      // a type that there is not
    [InlineData("0a020803")]                                      // Metadata, which nobody writes
    [InlineData("0a00")]                                          // data without a type
    [InlineData("")]                                              // no data
    [InlineData("0a0408010801")]                                  // the type twice
    [InlineData("1204120141180a0a020801")]                        // a link without a CID
    [InlineData("120a0a02015512004118000a020801")]                // a CID that is cut off
    [InlineData("0a020804")]                                      // a symbolic link to nothing
    [InlineData("0a0808044204083f1500")]                          // a time that is cut off
    [InlineData("0a05080118ffff")]                                // a number that is cut off
    [InlineData("0a0408011a00")]                                  // a size of the wrong type
    public async Task A_malformed_node_is_refused(string hex) =>
        await RefusedAsync(_bag.Add(Multicodec.DagPb, Convert.FromHexString(hex)), FaultCode.BadNode);

    [Fact]
    public async Task What_is_no_unixfs_is_told_by_its_codec()
    {
        Fault fault = await RefusedAsync(_bag.Add(Multicodec.DagCbor, [0xa0]), FaultCode.UnsupportedCodec);
        Assert.Contains("dag-cbor", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hash_that_cannot_be_checked_is_refused_before_the_block_is_fetched()
    {
        Cid cid = Cid.Create(1, Multicodec.Raw, Multihash.Create(MultihashCode.Sha256, new byte[8]));
        await RefusedAsync(cid, FaultCode.UnsupportedAlgorithm);
        await RefusedAsync(Cid.Create(1, Multicodec.Raw, Multihash.Create((MultihashCode)0x11, new byte[20])), FaultCode.UnsupportedAlgorithm);
        Assert.Equal(0, _bag.Reads);
    }

    [Fact]
    public async Task A_shard_that_lies_about_its_buckets_is_refused()
    {
        Cid file = _bag.AddRaw(1);
        (string right, int bucket) = ShardName("name", 8);
        byte bit = (byte)(1 << bucket);
        string digits = right[..1];
        Assert.Equal(2, (await ExtractAsync(_bag.AddNode(Node.Shard(8, [bit], (right, file))))).Entries);
        await RefusedAsync(_bag.AddNode(Node.Shard(8, [(byte)~bit], (right, file))), FaultCode.BadNode);
        await RefusedAsync(_bag.AddNode(Node.Shard(8, [(byte)(1 << ((bucket + 1) % 8))], (right, file))), FaultCode.BadNode);
        await RefusedAsync(_bag.AddNode(Node.Shard(8, [bit], ($"{(bucket + 1) % 8}name", file))), FaultCode.BadNode);
        await RefusedAsync(_bag.AddNode(Node.Shard(8, [bit, 0], (right, file))), FaultCode.BadNode);
        await RefusedAsync(_bag.AddNode(Node.Shard(8, [bit], ("name", file))), FaultCode.BadNode);
        await RefusedAsync(_bag.AddNode(Node.Shard(8, [bit], ($"{digits}..", file))), FaultCode.BadNode, FaultCode.PathTraversal);
        await RefusedAsync(_bag.AddNode(Node.Shard(7, [bit], (right, file))), FaultCode.BadNode);
        await RefusedAsync(_bag.AddNode(Node.Shard(1 << 20, [bit], (right, file))), FaultCode.BadNode);
        await RefusedAsync(_bag.AddNode(new Node().Type(5).Bytes(2, [bit]).Number(5, 0x12).Number(6, 8).Link(file, right)), FaultCode.BadNode);
        // One link too few, one name too short.
        await RefusedAsync(_bag.AddNode(Node.Shard(16, [0xff, 0xff], (right, file))), FaultCode.BadNode);
        await RefusedAsync(_bag.AddNode(Node.Shard(8, [bit], ("", file))), FaultCode.BadNode);
    }

    [Fact]
    public async Task A_tree_of_empty_shards_is_refused_at_the_first_of_them()
    {
        Cid shard = _bag.AddNode(Node.Shard(256, []));
        for (int depth = 0; depth < 7; depth++)
            shard = _bag.AddNode(Node.Shard(256, [.. Enumerable.Repeat((byte)0xff, 32)], [.. Enumerable.Range(0, 256).Select(i => (i.ToString("X2", null), shard))]));
        await RefusedAsync(shard, FaultCode.BadNode);
        Assert.InRange(_bag.Reads, 1, 20);
    }

    [Fact]
    public async Task A_tree_of_full_shards_that_are_all_the_same_is_refused_at_the_first_name()
    {
        Cid shard = _bag.AddNode(Node.Shard(256, [1], ("00name", _bag.AddRaw(1))));
        for (int depth = 0; depth < 7; depth++)
            shard = _bag.AddNode(Node.Shard(256, [.. Enumerable.Repeat((byte)0xff, 32)], [.. Enumerable.Range(0, 256).Select(i => (i.ToString("X2", null), shard))]));
        await RefusedAsync(shard, FaultCode.BadNode);
        Assert.InRange(_bag.Reads, 1, 20);
    }

    [Fact]
    public async Task A_file_of_exabytes_in_a_few_blocks_is_refused_before_a_byte_is_written()
    {
        Cid part = _bag.AddRaw(new byte[1 << 20]);
        long size = 1 << 20;
        for (int level = 0; level < 42; level++, size *= 2)
            part = _bag.AddNode(Node.File((part, size), (part, size)));
        await RefusedAsync(part, FaultCode.Limit);
        using TemporaryFolder folder = new();
        DagLimits trusting = new() { MaxTotalBytes = long.MaxValue };
        IpdrException thrown = await Assert.ThrowsAnyAsync<IpdrException>(() => TreeExtractor.ExtractAsync(_bag, ContentPath.Of(part), folder.File("out"), trusting, Token));
        Assert.Equal(FaultCode.DiskFull, thrown.Fault.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_tree_of_countless_entries_in_a_few_blocks_is_refused()
    {
        Cid directory = _bag.AddNode(Node.Directory());
        for (int level = 0; level < 30; level++)
            directory = _bag.AddNode(Node.Directory(("a", directory), ("b", directory)));
        await RefusedAsync(directory, FaultCode.Limit, limits: new DagLimits { MaxEntries = 1000 });
    }

    [Fact]
    public async Task Nesting_without_end_is_refused()
    {
        Cid directory = _bag.AddNode(Node.Directory()), file = _bag.AddRaw(1);
        for (int level = 0; level < 300; level++)
        {
            directory = _bag.AddNode(Node.Directory(("d", directory)));
            file = _bag.AddNode(Node.File((file, 1)));
        }
        await RefusedAsync(directory, FaultCode.Limit);
        await RefusedAsync(file, FaultCode.Limit);
    }

    [Fact]
    public async Task Nodes_that_are_open_at_the_same_time_are_bounded()
    {
        Cid directory = _bag.AddNode(Node.Directory());
        for (int level = 0; level < 40; level++)
            directory = _bag.AddNode(Node.Directory([.. Enumerable.Range(0, 25).Select(i => ($"{i:d3}{new string('x', 200)}", directory))]));
        await RefusedAsync(directory, FaultCode.Limit, limits: new DagLimits { MaxOpenBytes = 100_000 });
    }

    [Fact]
    public async Task Parts_of_no_size_cost_nothing()
    {
        Cid empty = _bag.AddRaw();
        for (int level = 0; level < 40; level++)
            empty = _bag.AddNode(Node.File((empty, 0), (empty, 0)));
        Cid root = _bag.AddNode(Node.File((empty, 0), (_bag.AddRaw(7), 1), (empty, 0)));
        Assert.Equal(1, (await ExtractAsync(root)).Bytes);
        Assert.InRange(_bag.Reads, 1, 3);
    }

    [Fact]
    public async Task A_block_that_is_too_large_or_has_too_many_links_is_refused()
    {
        await RefusedAsync(_bag.AddRaw(new byte[(2 << 20) + 1]), FaultCode.Limit);
        Cid none = Cid.Parse("bafkqaaa");
        Node node = new Node().Type(2);
        for (int i = 0; i < 70_000; i++)
            node.Link(none, "");
        await RefusedAsync(_bag.AddNode(node), FaultCode.Limit);
    }

    [Fact]
    public async Task Any_bytes_as_a_node_give_a_fault_or_a_tree() => await Gen.Byte.Array[0, 40].SampleAsync(async bytes =>
    {
        BlockBag bag = new();
        try
        {
            await foreach (UnixFsEntry entry in new DagReader(bag).WalkAsync(ContentPath.Of(bag.Add(Multicodec.DagPb, bytes)), Token))
                Assert.NotNull(entry.Path);
        }
        catch (IpdrException e)
        {
            Assert.NotEmpty(e.Fault.What);
        }
    });

    private static (string Name, int Bucket) ShardName(string name, int fanout)
    {
        int bucket = (int)(MurmurHash3.Hash64(Encoding.UTF8.GetBytes(name)) >> (64 - System.Numerics.BitOperations.Log2((uint)fanout)));
        return ($"{bucket:X}{name}", bucket);
    }

    private async Task<TreeSummary> ExtractAsync(Cid root)
    {
        using TemporaryFolder folder = new();
        return await TreeExtractor.ExtractAsync(_bag, ContentPath.Of(root), folder.File("out"), cancellationToken: Token);
    }

    private Task<Fault> RefusedAsync(Cid root, FaultCode code, DagLimits limits) => RefusedAsync(root, [code], limits);

    private Task<Fault> RefusedAsync(Cid root, params FaultCode[] codes) => RefusedAsync(root, codes, null);

    private async Task<Fault> RefusedAsync(Cid root, FaultCode[] codes, DagLimits? limits)
    {
        using TemporaryFolder folder = new();
        IpdrException thrown = await Assert.ThrowsAnyAsync<IpdrException>(() => TreeExtractor.ExtractAsync(_bag, ContentPath.Of(root), folder.File("out"), limits, Token));
        Assert.Contains(thrown.Fault.Code, codes);
        Assert.NotEmpty(thrown.Fault.Where);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        return thrown.Fault;
    }
}
