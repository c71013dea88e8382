using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Tests.UnixFs;

/// <summary>The CIDs are those that other implementations gave, and so is every block behind them.</summary>
public sealed class UnixFsVectorTests
{
    public static TheoryData<string> OnDisk => [.. UnixFsVector.All.Where(vector => vector.Value is { IsHeavy: false, IsLarge: false }).Select(vector => vector.Key)];

    public static TheoryData<string> Directories => [.. UnixFsVector.All.Where(vector => vector.Value is { IsFile: false, Metadata: null }).Select(vector => vector.Key)];

    public static TheoryData<string> Files => [.. UnixFsVector.All.Where(vector => vector.Value is { IsFile: true, Metadata: null }).Select(vector => vector.Key)];

    [Theory]
    [MemberData(nameof(OnDisk))]
    public async Task Content_on_the_disk_gets_the_vectors_cid_and_blocks(string name)
    {
        UnixFsVector vector = UnixFsVector.All[name];
        Assert.SkipWhen(OperatingSystem.IsWindows() && vector.Metadata is not null, "Windows has no modes");
        using TemporaryFolder folder = new();
        VectorTree.Write(folder.File("content"), vector.Input, vector.Metadata);
        Dag dag = await UnixFsImporter.ImportAsync(folder.File("content"), new ImportOptions { Profile = vector.Profile, KeepBlocks = true }, TestContext.Current.CancellationToken);

        await AssertSameAsync(vector, dag);
    }

    [Theory]
    [MemberData(nameof(Directories))]
    public async Task A_directory_put_together_gets_the_vectors_cid_and_blocks(string name)
    {
        UnixFsVector vector = UnixFsVector.All[name];
        await AssertSameAsync(vector, new Dag(new VectorDag(vector.Profile).Build(vector.Input), vector.Profile));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Content_that_streams_by_gets_the_vectors_cid(string name)
    {
        UnixFsVector vector = UnixFsVector.All[name];
        await using Stream content = VectorContent.Of(vector.Input).Open();
        Dag dag = await UnixFsImporter.ImportAsync(content, new ImportOptions { Profile = vector.Profile }, TestContext.Current.CancellationToken);
        Assert.Equal(vector.Cid, dag.Root);
        Assert.Equal(vector.Number("dagSize"), dag.CumulativeSize);
    }

    private static async Task AssertSameAsync(UnixFsVector vector, Dag dag)
    {
        Assert.Equal(vector.Cid, dag.Root);
        Assert.Equal(vector.Number("dagSize"), dag.CumulativeSize);
        byte[] buffer = new byte[UnixFsProfile.MaxBlockBytes];
        long blocks = 0;
        foreach (DagBlock block in dag.Blocks())
        {
            await block.ReadAsync(buffer, TestContext.Current.CancellationToken);
            if (blocks++ > 0)
                continue;
            Assert.Equal(dag.Root, block.Cid);
            Assert.Equal(vector.Number("rootSize"), block.Length);
            if (vector.RootHex is { } hex)
                Assert.Equal(hex, Convert.ToHexStringLower(buffer.AsSpan(0, block.Length)));
        }
        Assert.Equal(vector.Number("blocks"), blocks);
    }
}
