using System.Runtime.Versioning;
using CsCheck;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.UnixFs.Reading;

public sealed class TreeExtractorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_tree_comes_out_as_it_went_in() => Gen.Select(TreeSample.Trees, TreeSample.Profiles).SampleAsync(async (tree, profile) =>
    {
        using TemporaryFolder folder = new();
        TreeSample.Write(folder.File("in"), tree);
        Dag dag = await UnixFsImporter.ImportAsync(folder.File("in"), new ImportOptions { Profile = profile, KeepBlocks = true }, Token);
        await TreeExtractor.ExtractAsync(await BlockBag.OfAsync(dag), ContentPath.Of(dag.Root), folder.File("out"), cancellationToken: Token);
        return TreeSample.Listing(folder.File("in")).SequenceEqual(TreeSample.Listing(folder.File("out")));
    }, iter: 20);

    [Fact]
    public async Task Links_empty_things_and_names_of_all_languages_come_out_as_they_went_in()
    {
        (BlockBag bag, Dag dag) = await ZooAsync(TreeSample.Tiny);
        TreeSummary summary = await ExtractAsync(bag, dag.Root);
        Assert.Equal(TreeSample.Listing(_folder.File("zoo")), TreeSample.Listing(_folder.File("out")));
        Assert.Equal((dag.Entries().Count(), dag.Entries().Sum(entry => entry.FileSize)), (summary.Entries, summary.Bytes));
    }

    [Fact]
    public async Task A_path_below_the_root_is_extracted_alone()
    {
        (BlockBag bag, Dag dag) = await ZooAsync(TreeSample.Tiny);
        await TreeExtractor.ExtractAsync(bag, ContentPath.Parse($"{dag.Root}/a/b"), _folder.File("b"), cancellationToken: Token);
        Assert.Equal(["c directory", $"c/deep {Convert.ToHexString("deep"u8)}"], TreeSample.Listing(_folder.File("b")));
        await TreeExtractor.ExtractAsync(bag, ContentPath.Parse($"{dag.Root}/many/7"), _folder.File("seven"), cancellationToken: Token);
        Assert.Equal("file 7", await File.ReadAllTextAsync(_folder.File("seven"), Token));
        await TreeExtractor.ExtractAsync(bag, ContentPath.Parse($"{dag.Root}/link"), _folder.File("dangling"), cancellationToken: Token);
        Assert.Equal("../elsewhere/large", new FileInfo(_folder.File("dangling")).LinkTarget);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Modes_and_times_come_out_as_they_went_in_but_for_setuid()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes");
        TreeSample.WriteZoo(_folder.File("zoo"));
        DateTime time = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetUnixFileMode(_folder.File("zoo/large"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.SetUser);
        File.SetLastWriteTimeUtc(_folder.File("zoo/large"), time);
        Directory.SetLastWriteTimeUtc(_folder.File("zoo/a"), time);
        File.SetUnixFileMode(_folder.File("zoo/a"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Directory.SetLastWriteTimeUtc(_folder.File("zoo"), time);
        ImportOptions options = new() { Profile = TreeSample.Tiny with { PreserveMode = true, PreserveMtime = true }, KeepBlocks = true };
        Dag dag = await UnixFsImporter.ImportAsync(_folder.File("zoo"), options, Token);
        await ExtractAsync(await BlockBag.OfAsync(dag), dag.Root);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.File("out/large")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.File("out/a")));
        Assert.Equal(
            [time, time, time],
            [File.GetLastWriteTimeUtc(_folder.File("out/large")), Directory.GetLastWriteTimeUtc(_folder.File("out/a")), Directory.GetLastWriteTimeUtc(_folder.File("out"))]);
        File.SetUnixFileMode(_folder.File("out/a"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        File.SetUnixFileMode(_folder.File("zoo/a"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task An_empty_folder_is_taken_and_anything_else_is_left_alone()
    {
        (BlockBag bag, Dag dag) = await ZooAsync(TreeSample.Tiny);
        Directory.CreateDirectory(_folder.File("out"));
        await ExtractAsync(bag, dag.Root);
        IReadOnlyList<string> before = TreeSample.Listing(_folder.Path);
        Assert.Equal(FaultCode.DestinationExists, (await Assert.ThrowsAsync<IpdrException>(() => ExtractAsync(bag, dag.Root))).Fault.Code);
        File.CreateSymbolicLink(_folder.File("to-out"), _folder.File("zoo/empty directory"));
        foreach (string taken in new[] { "to-out", "zoo/empty" })
        {
            IpdrException thrown = await Assert.ThrowsAsync<IpdrException>(() => TreeExtractor.ExtractAsync(bag, ContentPath.Of(dag.Root), _folder.File(taken), cancellationToken: Token));
            Assert.Equal(FaultCode.DestinationExists, thrown.Fault.Code);
        }
        File.Delete(_folder.File("to-out"));
        Assert.Equal(before, TreeSample.Listing(_folder.Path));
    }

    [Fact]
    public async Task Nothing_is_written_through_a_link_of_the_same_tree()
    {
        Directory.CreateDirectory(_folder.File("outside"));
        BlockBag bag = new();
        Cid link = bag.AddNode(Node.Symlink(_folder.File("outside"))), inside = bag.AddNode(Node.Directory(("planted", bag.AddRaw(1))));
        foreach (Node hostile in new[] { Node.Directory(("a", link), ("a", inside)), Node.Directory(("a", inside), ("a", link)) })
            await Assert.ThrowsAsync<IpdrException>(() => ExtractAsync(bag, bag.AddNode(hostile)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.File("outside")));
        Assert.False(Path.Exists(_folder.File("out")));
    }

    [Fact]
    public async Task A_stop_in_the_middle_leaves_nothing()
    {
        (BlockBag bag, Dag dag) = await ZooAsync(TreeSample.Tiny);
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TreeExtractor.ExtractAsync(bag, ContentPath.Of(dag.Root), _folder.File("out"), cancellationToken: stop.Token));
        Assert.Equal(["zoo"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(BlockBag Bag, Dag Dag)> ZooAsync(UnixFsProfile profile)
    {
        TreeSample.WriteZoo(_folder.File("zoo"));
        Dag dag = await UnixFsImporter.ImportAsync(_folder.File("zoo"), new ImportOptions { Profile = profile, KeepBlocks = true }, Token);
        return (await BlockBag.OfAsync(dag), dag);
    }

    private Task<TreeSummary> ExtractAsync(BlockBag bag, Cid root) => TreeExtractor.ExtractAsync(bag, ContentPath.Of(root), _folder.File("out"), cancellationToken: Token);
}
