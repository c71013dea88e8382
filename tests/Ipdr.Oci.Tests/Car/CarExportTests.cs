using System.IO.Pipelines;
using Ipdr.Oci.Car;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Tests.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Car;

/// <summary>CARs of single entities, out of any source.</summary>
public sealed class CarExportTests
{
    // Read one by one in the order of the file or of the shard this is more than anybody can wait for.
    private const int Levels = 40;

    private readonly BlockBag _bag = new();

    [Theory]
    [InlineData(null)]
    [InlineData("0:*")]
    [InlineData("1:-2")]
    public async Task A_file_of_exabytes_in_a_few_blocks_is_a_few_blocks(string? bytes)
    {
        Cid top = _bag.AddRaw(1);
        for (int i = 0; i < Levels; i++)
            top = _bag.AddNode(Node.File((top, 1L << i), (top, 1L << i)));
        List<Cid> written = await ExportAsync(top, new CarSelection { Scope = CarScope.Entity, Bytes = bytes is null ? null : EntityBytes.Parse(bytes) });
        Assert.Equal(Levels + 1, written.Count);
        Assert.Equal(written.Count, written.Distinct().Count());
        Assert.InRange(_bag.Reads, Levels, 10 * Levels);
    }

    [Fact]
    public async Task A_directory_of_shards_that_are_there_twice_is_a_few_blocks()
    {
        Cid entry = _bag.AddRaw(1), top = _bag.AddNode(Node.Shard(256, [3], ("00a", entry), ("01b", entry)));
        for (int i = 1; i < Levels; i++)
            top = _bag.AddNode(Node.Shard(256, [3], ("00", top), ("01", top)));
        Assert.Equal(Levels, (await ExportAsync(top, new CarSelection { Scope = CarScope.Entity })).Count);
        Assert.InRange(_bag.Reads, Levels, 10 * Levels);
    }

    // Half of what is there twice is wanted the first time, and all of it the second time.
    [Fact]
    public async Task A_part_that_was_written_in_part_is_written_in_full_where_it_is_wanted_so()
    {
        Cid first = _bag.AddRaw(1), second = _bag.AddRaw(2), twice = _bag.AddNode(Node.File((first, 1), (second, 1)));
        Cid top = _bag.AddNode(Node.File((twice, 2), (twice, 2)));
        Assert.Equal([top, twice, second, first], await ExportAsync(top, new CarSelection { Scope = CarScope.Entity, Bytes = EntityBytes.Parse("1:3") }));
    }

    [Fact]
    public async Task Repetitions_that_are_asked_for_are_written()
    {
        Cid leaf = _bag.AddRaw(1), twice = _bag.AddNode(Node.File((leaf, 1), (leaf, 1))), top = _bag.AddNode(Node.File((twice, 2), (twice, 2)));
        Assert.Equal(
            [top, twice, leaf, leaf, twice, leaf, leaf],
            await ExportAsync(top, new CarSelection { Scope = CarScope.Entity, Duplicates = true }));
    }

    [Theory]
    [InlineData(CarScope.All)]
    [InlineData(CarScope.Entity)]
    public async Task Repetitions_that_are_asked_for_have_an_end(CarScope scope)
    {
        Cid top = _bag.AddRaw(1);
        for (int i = 0; i < Levels; i++)
            top = _bag.AddNode(Node.File((top, 1L << i), (top, 1L << i)));
        CarSelection selection = new() { Scope = scope, Duplicates = true };
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => ExportAsync(top, selection with { MaxBlocks = 1000 }));
        Assert.Equal((FaultCode.Limit, "at most 1000"), (e.Fault.Code, e.Fault.Expected));
        e = await Assert.ThrowsAsync<IpdrException>(() => ExportAsync(top, selection with { MaxRepeatedBytes = 100_000 }));
        Assert.Equal((FaultCode.Limit, "at most 100000"), (e.Fault.Code, e.Fault.Expected));
    }

    [Fact]
    public async Task Who_wants_all_of_a_few_blocks_that_spell_exabytes_gets_a_few_blocks()
    {
        Cid top = _bag.AddRaw(1);
        for (int i = 0; i < Levels; i++)
            top = _bag.AddNode(Node.File((top, 1L << i), (top, 1L << i)));
        Assert.Equal(Levels + 1, (await ExportAsync(top, new CarSelection { MaxBlocks = Levels + 1 })).Count);
        Assert.InRange(_bag.Reads, Levels, 10 * Levels);
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(600, false)]
    public async Task What_is_nested_deep_ends_in_a_fault_and_not_in_an_overflow(int levels, bool isWritten)
    {
        Cid top = _bag.AddRaw(1);
        for (int i = 0; i < levels; i++)
            top = _bag.AddNode(Node.Directory(("d", top)));
        if (isWritten)
            Assert.Equal(levels + 1, (await ExportAsync(top, new CarSelection())).Count);
        else
            Assert.Equal(FaultCode.Limit, (await Assert.ThrowsAsync<IpdrException>(() => ExportAsync(top, new CarSelection()))).Fault.Code);
    }

    // The same bytes twice: as a file, in which nothing is linked to, and as a directory, in which something is.
    [Theory]
    [InlineData(CarScope.All)]
    [InlineData(CarScope.Entity)]
    public async Task What_is_below_a_node_is_written_where_its_bytes_were_written_as_a_file_before(CarScope scope)
    {
        Cid leaf = _bag.AddRaw(1), node = _bag.AddNode(Node.File((leaf, 1))), bytes = Cid.Create(1, Multicodec.Raw, node.Hash);
        long length = _bag.Blocks.Max(block => block.Length);
        Cid top = _bag.AddNode(Node.File((bytes, length), (node, 1)));
        Assert.Equal([top.Hash, node.Hash, leaf.Hash], (await ExportAsync(top, new CarSelection { Scope = scope })).Select(cid => cid.Hash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0a00")]
    [InlineData("0a03ffffff")]
    public async Task A_node_that_is_no_unixfs_is_an_entity_of_its_own(string hex)
    {
        Cid cid = _bag.Add(Multicodec.DagPb, Convert.FromHexString(hex));
        Assert.Equal([cid], await ExportAsync(cid, new CarSelection { Scope = CarScope.Entity }));
        Assert.Equal([cid], await ExportAsync(cid, new CarSelection { Scope = CarScope.Entity, Bytes = EntityBytes.Parse("0:*") }));
    }

    private async Task<List<Cid>> ExportAsync(Cid root, CarSelection selection)
    {
        using MemoryStream car = new();
        PipeWriter output = PipeWriter.Create(car, new StreamPipeWriterOptions(leaveOpen: true));
        await CarExport.WriteAsync(_bag, ContentPath.Of(root), root, selection, output, TestContext.Current.CancellationToken);
        await output.CompleteAsync();
        car.Position = 0;
        PipeReader input = CarReader.CreateInput(car);
        using CarReader reader = await CarReader.OpenAsync(input, null, TestContext.Current.CancellationToken);
        List<Cid> cids = [];
        while (await reader.ReadNextAsync(TestContext.Current.CancellationToken) is { } block)
            cids.Add(block.Cid);
        await input.CompleteAsync();
        return cids;
    }
}
