using System.Diagnostics;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Tests.UnixFs;

public sealed class UnixFsImporterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn")]
    [InlineData(1, "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354")]
    public async Task An_empty_directory_has_the_cid_that_everybody_knows(int version, string cid)
    {
        Directory.CreateDirectory(_folder.File("empty"));
        Assert.Equal(Cid.Parse(cid), (await ImportAsync("empty", new ImportOptions { Profile = UnixFsProfile.V1 with { CidVersion = version } })).Root);
    }

    [Fact]
    public async Task An_empty_directory_is_not_sharded_however_low_the_threshold()
    {
        Directory.CreateDirectory(_folder.File("empty"));
        Dag dag = await ImportAsync("empty", new ImportOptions { Profile = UnixFsProfile.V1 with { HamtThreshold = 1 } });
        Assert.Equal(Cid.Parse("bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354"), dag.Root);
    }

    [Fact]
    public void A_file_of_10_GB_has_a_tree_of_two_levels_above_its_leaves()
    {
        FileForm form = new(UnixFsProfile.V1);
        FileBuilder builder = new(form, keep: false);
        Multihash zeros = Multihash.OfContent(MultihashCode.Sha256, new byte[form.ChunkSize]);
        for (int i = 0; i < 10 << 10; i++)
            builder.AddLeaf(zeros.Digest, form.ChunkSize);
        // By a Python program that builds the tree in another way, from all its nodes.
        FileNode file = builder.Finish(null, default);
        Assert.Equal(Cid.Parse("bafybeieekyvmsq7sig7cxqbhuos5kscfouvp7nzezwshnxj5uapsuu5wme"), file.Cid);
        Assert.Equal(10L << 30, file.FileSize);
        Assert.Equal(10_737_930_900, file.CumulativeSize);
    }

    [Fact]
    public void A_directory_of_100_000_files_has_shards_of_several_levels()
    {
        FileForm form = new(UnixFsProfile.V1);
        FileNode[] contents = [.. Enumerable.Range(0, 100).Select(i => FileSink.OfDocument(form, "file", System.Text.Encoding.ASCII.GetBytes($"{i}")))];
        DagTree tree = new(UnixFsProfile.V1, keep: true);
        for (int i = 0; i < 100_000; i++)
            tree.Add($"{i:d6}.txt", contents[i % 100]);
        // By a Python program that builds the shards from the names alone.
        DagNode directory = tree.Build();
        Assert.Equal(Cid.Parse("bafybeig4sjdcniymddltqbyeiv5fpoq3qmlcma32nriynf45f2ubqqeclu"), directory.Cid);
        Assert.Equal(8_235_451, directory.CumulativeSize);
        Assert.Equal(5, Depth(directory.Root) - 1);
    }

    [Fact]
    public async Task What_a_filter_leaves_out_is_as_if_it_were_not_there()
    {
        Write("tree/a/keep", "1");
        Write("tree/a/drop.log", "2");
        Write("tree/logs/x.log", "3");
        Write("expected/a/keep", "1");
        Directory.CreateDirectory(_folder.File("expected/logs"));
        ImportOptions options = new() { Filter = (path, _) => !path.EndsWith(".log", StringComparison.Ordinal) };
        Assert.Equal((await ImportAsync("expected", new ImportOptions())).Root, (await ImportAsync("tree", options)).Root);
        Directory.Delete(_folder.File("expected/logs"));
        Assert.Equal((await ImportAsync("expected", new ImportOptions())).Root, (await ImportAsync("tree", options with { EmptyDirectories = false })).Root);
    }

    [Fact]
    public async Task Entries_come_in_the_order_of_their_names_a_directory_first()
    {
        Write("tree/b", "1");
        Write("tree/a/z", "2");
        Write("tree/a/ﬁ", "3");
        Write("tree/a/🙂", "4");
        Dag dag = await ImportAsync("tree", new ImportOptions { KeepBlocks = true });
        Assert.Equal(["", "a", "a/z", "a/ﬁ", "a/🙂", "b"], dag.Entries().Select(entry => entry.Path));
        Assert.Equal(dag.Root, dag.Entries().First().Cid);
        Assert.Equal(1, dag.Entries().Last().FileSize);
    }

    [Fact]
    public async Task A_raw_leaf_says_where_its_bytes_lie()
    {
        await File.WriteAllBytesAsync(_folder.File("file"), new byte[(2 << 20) + 5], Token);
        Dag dag = await ImportAsync("file", new ImportOptions { KeepBlocks = true });
        // The two whole chunks are the same block.
        Assert.Equal([null, new FileSlice(_folder.File("file"), 0, 1 << 20), new FileSlice(_folder.File("file"), 2 << 20, 5)], dag.Blocks().Select(block => block.Slice));
    }

    [Fact]
    public async Task A_file_that_changes_after_it_was_named_is_noticed_when_its_blocks_are_read()
    {
        Write("file", "before");
        Dag dag = await ImportAsync("file", new ImportOptions { KeepBlocks = true });
        Write("file", "after!");
        IpdrException changed = await Assert.ThrowsAsync<IpdrException>(async () => await dag.Blocks().Single().ReadAsync(new byte[100], Token));
        Assert.Equal(FaultCode.DigestMismatch, changed.Fault.Code);
        Write("file", "short");
        Assert.Equal(FaultCode.Truncated, (await Assert.ThrowsAsync<IpdrException>(async () => await dag.Blocks().Single().ReadAsync(new byte[100], Token))).Fault.Code);
    }

    [Fact]
    public async Task Blocks_that_were_not_kept_cannot_be_had()
    {
        Write("file", "content");
        Dag dag = await ImportAsync("file", new ImportOptions());
        Assert.Throws<InvalidOperationException>(() => dag.Blocks().Count());
    }

    [Fact]
    public async Task A_fifo_is_refused_instead_of_waited_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "made by mkfifo");
        Directory.CreateDirectory(_folder.File("tree"));
        using (Process make = Process.Start("mkfifo", [_folder.File("tree/fifo")]))
            await make.WaitForExitAsync(Token);
        IpdrException refused = await Assert.ThrowsAsync<IpdrException>(() => ImportAsync("tree", new ImportOptions()));
        Assert.Equal(FaultCode.NotAFile, refused.Fault.Code);
        Assert.EndsWith("tree/fifo", refused.Fault.Where, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_no_text_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere there are no such names");
        Directory.CreateDirectory(_folder.File("tree"));
        using (Process make = Process.Start("/bin/sh", ["-c", $"printf x > \"{_folder.File("tree")}/$(printf 'a\\377b')\""]))
            await make.WaitForExitAsync(Token);
        Assert.Equal(FaultCode.BadName, (await Assert.ThrowsAsync<IpdrException>(() => ImportAsync("tree", new ImportOptions()))).Fault.Code);
        using Process remove = Process.Start("rm", ["-r", _folder.File("tree")]);
        await remove.WaitForExitAsync(Token);
    }

    [Fact]
    public async Task What_is_not_there_is_said_to_be_not_there() =>
        Assert.Equal(FaultCode.Io, (await Assert.ThrowsAsync<IpdrException>(() => ImportAsync("nothing", new ImportOptions()))).Fault.Code);

    [Fact]
    public async Task Cancelling_stops_the_work()
    {
        Write("tree/file", "content");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => UnixFsImporter.ImportAsync(_folder.File("tree"), new ImportOptions(), new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData(0, MultihashCode.Blake3)]
    [InlineData(0, MultihashCode.Sha512)]
    public async Task A_version_0_has_no_other_hash_than_sha2_256(int version, MultihashCode hash)
    {
        Write("file", "content");
        ImportOptions options = new() { Profile = new UnixFsProfile { CidVersion = version, Hash = hash } };
        await Assert.ThrowsAsync<ArgumentException>(() => ImportAsync("file", options));
    }

    [Theory]
    [InlineData("unixfs-v1-2025")]
    [InlineData("kubo-cid-v1")]
    [InlineData("unixfs-v0-2015")]
    public void A_profile_knows_its_name_until_a_parameter_is_changed(string name)
    {
        UnixFsProfile profile = UnixFsProfile.Known.Single(known => known.Name == name).Profile;
        Assert.Equal(name, profile.Name);
        Assert.Null((profile with { ChunkSize = 12345 }).Name);
    }

    [Fact]
    public void Parameters_out_of_their_bounds_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnixFsProfile { ChunkSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnixFsProfile { ChunkSize = UnixFsProfile.MaxChunkBytes + 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnixFsProfile { MaxFileLinks = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnixFsProfile { MaxHamtFanout = 12 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnixFsProfile { MaxHamtFanout = 4 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnixFsProfile { HamtThreshold = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnixFsProfile { CidVersion = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnixFsProfile { Hash = MultihashCode.Identity });
    }

    public void Dispose() => _folder.Dispose();

    private static int Depth(DagStep step) => 1 + step.Children.Select(Depth).DefaultIfEmpty().Max();

    private Task<Dag> ImportAsync(string name, ImportOptions options) => UnixFsImporter.ImportAsync(_folder.File(name), options, Token);

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllText(_folder.File(name), content);
    }
}
