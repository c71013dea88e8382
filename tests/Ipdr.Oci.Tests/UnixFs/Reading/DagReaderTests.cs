using CsCheck;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.UnixFs.Reading;

public sealed class DagReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_file_reads_as_it_was_imported() => Gen.Select(Gen.Byte.Array[0, 2000], TreeSample.Profiles).SampleAsync(async (content, profile) =>
    {
        (BlockBag bag, Cid root) = await ImportAsync(content, profile);
        await using Stream file = await new DagReader(bag).OpenFileAsync(ContentPath.Of(root), Token);
        using MemoryStream read = new();
        await file.CopyToAsync(read, Token);
        return file.Length == content.Length && read.ToArray().AsSpan().SequenceEqual(content);
    }, iter: 100);

    [Fact]
    public Task A_file_can_be_read_from_any_place_on() => Gen.Select(Gen.Byte.Array[1, 2000], TreeSample.Profiles, Gen.Select(Gen.Int[0, 2100], Gen.Int[1, 200]).Array[1, 20])
        .SampleAsync(async (content, profile, reads) =>
        {
            (BlockBag bag, Cid root) = await ImportAsync(content, profile);
            await using Stream file = await new DagReader(bag).OpenFileAsync(ContentPath.Of(root), Token);
            byte[] buffer = new byte[200];
            foreach ((int position, int length) in reads)
            {
                file.Seek(position, SeekOrigin.Begin);
                int count = await file.ReadAtLeastAsync(buffer.AsMemory(0, length), length, throwOnEndOfStream: false, Token);
                int end = Math.Min(position + count, content.Length);
                if (count != Math.Clamp(content.Length - position, 0, length) || !buffer.AsSpan(0, count).SequenceEqual(content.AsSpan(Math.Min(position, end)..end)))
                    return false;
            }
            return true;
        }, iter: 100);

    [Fact]
    public async Task A_tree_lists_as_it_was_imported()
    {
        using TemporaryFolder folder = new();
        TreeSample.WriteZoo(folder.File("zoo"));
        Dag dag = await UnixFsImporter.ImportAsync(folder.File("zoo"), new ImportOptions { Profile = TreeSample.Tiny, KeepBlocks = true }, Token);
        BlockBag bag = await BlockBag.OfAsync(dag);

        List<UnixFsEntry> entries = [];
        await foreach (UnixFsEntry entry in new DagReader(bag).WalkAsync(ContentPath.Of(dag.Root), Token))
            entries.Add(entry);

        Assert.Equal(
            dag.Entries().Select(entry => (entry.Path, entry.Kind, entry.Cid, entry.FileSize)).OrderBy(entry => entry.Path, StringComparer.Ordinal),
            entries.Select(entry => (entry.Path, entry.Kind, entry.Cid, entry.Size)).OrderBy(entry => entry.Path, StringComparer.Ordinal));
        Assert.Equal("../elsewhere/large", entries.Single(entry => entry.Kind == DagEntryKind.Symlink).LinkTarget);
        Assert.Equal("", entries[0].Path);
    }

    [Fact]
    public async Task Each_entry_is_found_by_its_path_in_directories_of_both_kinds()
    {
        using TemporaryFolder folder = new();
        TreeSample.WriteZoo(folder.File("zoo"));
        Dag dag = await UnixFsImporter.ImportAsync(folder.File("zoo"), new ImportOptions { Profile = TreeSample.Tiny, KeepBlocks = true }, Token);
        DagReader reader = new(await BlockBag.OfAsync(dag));

        foreach (DagEntry entry in dag.Entries())
            Assert.Equal(entry.Cid, (await reader.GetAsync(ContentPath.Parse($"{dag.Root}/{entry.Path}"), Token)).Cid);
        foreach (string absent in new[] { "nothing", "many/nothing", "many/60", "a/b/x" })
            Assert.Equal(FaultCode.NoSuchEntry, await FaultAsync(reader.GetAsync(ContentPath.Parse($"{dag.Root}/{absent}"), Token)));
        Assert.Equal(FaultCode.NotADirectory, await FaultAsync(reader.GetAsync(ContentPath.Parse($"{dag.Root}/large/x"), Token)));
        Assert.Equal(FaultCode.NotAFile, await FaultAsync(reader.OpenFileAsync(ContentPath.Parse($"{dag.Root}/many"), Token)));
        Assert.Equal(FaultCode.NotAFile, await FaultAsync(reader.OpenFileAsync(ContentPath.Parse($"{dag.Root}/link"), Token)));
    }

    [Fact]
    public async Task Reading_a_few_bytes_fetches_the_blocks_on_their_way_only()
    {
        (BlockBag bag, Cid root) = await ImportAsync(new byte[1 << 20], UnixFsProfile.V1 with { ChunkSize = 1024, MaxFileLinks = 32 });
        await using Stream file = await new DagReader(bag).OpenFileAsync(ContentPath.Of(root), Token);
        file.Position = 777_777;
        Assert.Equal(10, await file.ReadAtLeastAsync(new byte[10], 10, cancellationToken: Token));
        Assert.InRange(bag.Reads, 3, 3);
    }

    [Fact]
    public async Task An_identity_is_its_own_content_and_is_asked_of_nobody()
    {
        BlockBag bag = new();
        Cid hello = Cid.Parse("bafkqac3imvwgy3zao5xxe3de");
        Cid file = bag.AddNode(Node.File((hello, 11)));
        await using Stream content = await new DagReader(bag).OpenFileAsync(ContentPath.Of(file), Token);
        using StreamReader text = new(content);
        Assert.Equal("hello world", await text.ReadToEndAsync(Token));
        Assert.Equal(1, bag.Reads);
        Assert.Equal(DagEntryKind.Directory, (await new DagReader(bag).GetAsync(ContentPath.Of(Cid.Parse("bafyaabakaieac")), Token)).Kind);
    }

    [Fact]
    public async Task A_position_before_the_start_and_writing_are_refused()
    {
        (BlockBag bag, Cid root) = await ImportAsync([1, 2, 3], UnixFsProfile.V1);
        Stream file = await new DagReader(bag).OpenFileAsync(ContentPath.Of(root), Token);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Seek(-4, SeekOrigin.End));
        Assert.Equal(2, file.Seek(-1, SeekOrigin.End));
        Assert.Equal(1, await file.ReadAsync(new byte[10], Token));
        Assert.Equal(0, await file.ReadAsync(new byte[10], Token));
        Assert.Throws<NotSupportedException>(() => file.Write([1]));
        await file.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => file.ReadAsync(new byte[10], Token).AsTask());
    }

    private static async Task<(BlockBag Bag, Cid Root)> ImportAsync(byte[] content, UnixFsProfile profile)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllBytesAsync(folder.File("file"), content, Token);
        Dag dag = await UnixFsImporter.ImportAsync(folder.File("file"), new ImportOptions { Profile = profile, KeepBlocks = true }, Token);
        return (await BlockBag.OfAsync(dag), dag.Root);
    }

    private static async Task<FaultCode> FaultAsync<T>(ValueTask<T> reading) => (await Assert.ThrowsAnyAsync<IpdrException>(reading.AsTask)).Fault.Code;
}
