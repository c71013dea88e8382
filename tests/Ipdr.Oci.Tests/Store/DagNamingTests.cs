using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Store.Naming;
using Ipdr.Oci.Tests.UnixFs.Reading;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Tests.Store;

public sealed class DagNamingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3 * (1 << 20))]
    [InlineData((5 * (1 << 20)) + 17)]
    public async Task Blocks_read_off_a_DAG_are_those_of_the_content(int length)
    {
        byte[] content = Content(length);
        (Cid root, BlockBag blocks) = await ImportAsync(content, UnixFsProfile.V1);
        using FileSink sink = new(BlobNaming.Form, keep: true);
        sink.Append(content);
        BlobIndex expected = await BlobNaming.IndexAsync(sink.Finish(new DiskContent("content")), Token);

        BlobIndex? actual = await DagNaming.TryIndexAsync(blocks, root, Token);

        if (length <= BlobNaming.Form.ChunkSize)
        {
            // A block alone is no node, and soon hashed.
            Assert.Null(actual);
            return;
        }
        Assert.NotNull(actual);
        Assert.Equal(expected.Cid, actual.Cid);
        Assert.Equal(expected.Slices, actual.Slices);
        Assert.Equal(expected.Nodes.Select(node => (node.Hash, Convert.ToHexString(node.Content))), actual.Nodes.Select(node => (node.Hash, Convert.ToHexString(node.Content))));
    }

    [Fact]
    public async Task Files_by_other_rules_are_hashed()
    {
        byte[] content = Content(3 << 20);
        foreach (UnixFsProfile other in new[] { UnixFsProfile.V0, UnixFsProfile.V1 with { ChunkSize = 1 << 18 }, UnixFsProfile.V1 with { MaxFileLinks = 2 } })
        {
            (Cid root, BlockBag blocks) = await ImportAsync(content, other);
            Assert.Null(await DagNaming.TryIndexAsync(blocks, root, Token));
        }
    }

    private static byte[] Content(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 2654435761L) >> 13))];

    private static async Task<(Cid Root, BlockBag Blocks)> ImportAsync(byte[] content, UnixFsProfile profile)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllBytesAsync(folder.File("file"), content, Token);
        Dag dag = await UnixFsImporter.ImportAsync(folder.File("file"), new ImportOptions { Profile = profile, KeepBlocks = true }, Token);
        return (dag.Root, await BlockBag.OfAsync(dag));
    }
}
