using System.Globalization;
using System.IO.Pipelines;
using Ipdr.Oci.Car;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Tests.UnixFs.Reading;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Car;

/// <summary>Trees and files in CARs are judged without being spelled out: a few blocks can spell exabytes.</summary>
public sealed class CarVerifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BlockBag _bag = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_few_directories_that_spell_a_million_millions_are_refused_at_once()
    {
        CarReport report = await VerifyAsync(Directories(40));
        Fault fault = Assert.Single(report.Faults);
        Assert.Equal(FaultCode.Limit, fault.Code);
        Assert.Contains("too many entries", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_few_directories_that_spell_a_million_are_counted()
    {
        CarReport report = await VerifyAsync(Directories(20));
        Assert.Empty(report.Faults);
        Assert.Equal(((1L << 21) - 1, 1L << 20), (report.Entries, report.FileBytes));
    }

    [Theory]
    [InlineData(39, true)]
    [InlineData(41, false)]
    public async Task A_few_blocks_that_spell_a_file_of_hundreds_of_gigabytes_are_judged_by_their_links(int levels, bool isSound)
    {
        CarReport report = await VerifyAsync(Halves(levels));
        Assert.Equal(isSound ? [] : [FaultCode.Limit], report.Faults.Select(fault => fault.Code));
        Assert.Equal(isSound ? 1L << levels : 0, report.FileBytes);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(0, 0)]
    [InlineData(3, 1)]
    public async Task A_part_that_is_known_is_held_against_what_each_link_states(int stated, int faults)
    {
        Cid leaf = _bag.AddRaw(1), half = _bag.AddNode(Node.File((leaf, 1), (leaf, 1)));
        // Nobody who reads the file comes to a part of no bytes.
        Cid good = _bag.AddNode(Node.File((half, 2), (half, 2))), other = _bag.AddNode(Node.File((half, 2), (half, stated), (leaf, 1)));
        CarReport report = await VerifyAsync(_bag.AddNode(Node.Directory(("a", good), ("b", other))));
        Assert.Equal(faults, report.Faults.Count);
        Assert.All(report.Faults, fault => Assert.Contains("has 2 bytes, and its node states 3", fault.What, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public async Task Parts_that_are_known_count_for_how_deep_a_file_is(int nodes, bool isSound)
    {
        // Known from the first file, and at the very bottom of the second.
        Cid known = _bag.AddRaw(1), top;
        for (int i = 1; i < 10; i++)
            known = _bag.AddNode(Node.File((known, 1)));
        top = known;
        for (int i = 10; i < nodes; i++)
            top = _bag.AddNode(Node.File((top, 1)));
        CarReport report = await VerifyAsync(_bag.AddNode(Node.Directory(("a", known), ("b", top))));
        Assert.Equal(isSound ? [] : [FaultCode.Limit], report.Faults.Select(fault => fault.Code));
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public async Task Directories_that_are_known_count_for_how_deep_a_tree_is(int nested, bool isSound)
    {
        Cid known = _bag.AddNode(Node.Directory(("f", _bag.AddRaw(1)))), top;
        for (int i = 1; i < 100; i++)
            known = _bag.AddNode(Node.Directory(("d", known)));
        top = known;
        for (int i = 100; i < nested - 1; i++)
            top = _bag.AddNode(Node.Directory(("d", top)));
        top = _bag.AddNode(Node.Directory(("a", known), ("b", top)));
        CarReport report = await VerifyAsync(top);
        Assert.Equal(isSound ? [] : [FaultCode.Limit], report.Faults.Select(fault => fault.Code));
        Task<TreeSummary> Measure() => new DagReader(_bag).MeasureAsync(ContentPath.Of(top), Token).AsTask();
        if (isSound)
            Assert.Equal(await CountAsync(top), (await Measure()).Entries);
        else
            Assert.Equal(FaultCode.Limit, (await Assert.ThrowsAsync<IpdrException>(Measure)).Fault.Code);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<int> CountAsync(Cid top)
    {
        int count = 0;
        await foreach (UnixFsEntry entry in new DagReader(_bag).WalkAsync(ContentPath.Of(top), Token))
            count++;
        return count;
    }

    private Cid Directories(int levels)
    {
        Cid top = _bag.AddRaw(1);
        for (int i = 0; i < levels; i++)
            top = _bag.AddNode(Node.Directory(("a", top), ("b", top)));
        return top;
    }

    private Cid Halves(int levels)
    {
        Cid top = _bag.AddRaw(1);
        for (int i = 0; i < levels; i++)
            top = _bag.AddNode(Node.File((top, 1L << i), (top, 1L << i)));
        return top;
    }

    private async Task<CarReport> VerifyAsync(Cid root)
    {
        string path = _folder.File(string.Create(CultureInfo.InvariantCulture, $"{root}.car"));
        await using (FileStream file = File.Create(path))
        {
            PipeWriter output = PipeWriter.Create(file, new StreamPipeWriterOptions(leaveOpen: true));
            await output.WriteAsync(CarHeaderCodec.Encode(root), Token);
            foreach ((Cid cid, byte[] bytes) in _bag.Sections)
            {
                output.Advance(CarSection.WriteHead(output.GetSpan(CarSection.MaxHeadLength), cid, bytes.Length));
                await output.WriteAsync(bytes, Token);
            }
            await output.CompleteAsync();
        }
        return await CarVerifier.VerifyAsync(path, cancellationToken: Token);
    }
}
