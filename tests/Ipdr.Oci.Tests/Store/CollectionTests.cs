using System.Buffers;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Store;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Store;

/// <summary>A collection removes what nothing needs, and nothing else.</summary>
public sealed class CollectionTests : IDisposable
{
    private static readonly TimeSpan Later = TimeSpan.FromDays(2);

    private readonly StoreFixture _fixture = new();

    private ContentStore Store => _fixture.Store;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task What_a_tag_an_index_a_subject_a_referrer_or_a_pin_needs_stays()
    {
        Digest tagged = await _fixture.PutImageAsync("tagged", "1");
        Digest child = await _fixture.PutImageAsync("child");
        Digest inner = await _fixture.PutIndexAsync(null, child);
        Digest outer = await _fixture.PutIndexAsync("index", inner);
        Digest subject = await _fixture.PutImageAsync("subject");
        Digest signature = await _fixture.PutImageAsync("signature", "signed", subject);
        Digest referrer = await _fixture.PutImageAsync("referrer", null, tagged);
        Digest ofReferrer = await _fixture.PutImageAsync("of-referrer", null, referrer);
        Digest pinned = await _fixture.PutImageAsync("pinned");
        await Store.PinAsync(pinned, StoreFixture.Cancellation);
        int files = _fixture.Files.Length;
        _fixture.Clock.Now += Later;
        CollectionReport report = await Store.CollectAsync(null, StoreFixture.Cancellation);
        Assert.Empty(report.Manifests);
        Assert.Empty(report.Blobs);
        Assert.Equal(files, _fixture.Files.Length);
        foreach (Digest digest in (Digest[])[tagged, child, inner, outer, subject, signature, referrer, ofReferrer, pinned])
            Assert.True(await _fixture.HasAsync(digest));
    }

    [Fact]
    public async Task What_nothing_refers_to_goes_once_its_grace_is_over()
    {
        Digest kept = await _fixture.PutImageAsync("kept", "1");
        Digest old = await _fixture.PutImageAsync("old", "latest");
        await _fixture.PutImageAsync("new", "latest");
        await _fixture.PutBlobAsync("nobody's");
        Digest circle = await _fixture.PutImageAsync("of-old", null, old);
        CollectionReport none = await Store.CollectAsync(null, StoreFixture.Cancellation);
        Assert.Empty(none.Manifests);
        Assert.Empty(none.Blobs);
        _fixture.Clock.Now += Later;

        CollectionReport dry = await Store.CollectAsync(new CollectionOptions { DryRun = true }, StoreFixture.Cancellation);
        Assert.Equal(13, _fixture.Files.Length);
        CollectionReport report = await Store.CollectAsync(null, StoreFixture.Cancellation);
        Assert.Equal(new[] { old, circle }.Select(digest => digest.ToString()).Order(StringComparer.Ordinal), report.Manifests.Select(digest => digest.ToString()));
        Assert.Equal(5, report.Blobs.Count);
        Assert.Equal(dry.Manifests, report.Manifests);
        Assert.Equal(dry.Blobs, report.Blobs);
        Assert.Equal(dry.Bytes, report.Bytes);
        Assert.Equal(6, _fixture.Files.Length);
        Assert.True(await _fixture.HasAsync(kept));
        Assert.False(await _fixture.HasAsync(old));
        Assert.Empty((await Store.CollectAsync(null, StoreFixture.Cancellation)).Manifests);
    }

    [Fact]
    public async Task Without_a_grace_what_came_this_very_second_goes_too()
    {
        Digest blob = await _fixture.PutBlobAsync("nobody's");
        Assert.Equal([blob], (await Store.CollectAsync(new CollectionOptions { Grace = TimeSpan.Zero }, StoreFixture.Cancellation)).Blobs);
        Assert.Empty(_fixture.Files);
    }

    [Fact]
    public async Task Manifests_without_a_tag_stay_when_that_is_asked_for()
    {
        Digest image = await _fixture.PutImageAsync("by-digest");
        _fixture.Clock.Now += Later;
        await Store.CollectAsync(new CollectionOptions { KeepUntagged = true }, StoreFixture.Cancellation);
        Assert.True(await _fixture.HasAsync(image));
        await Store.CollectAsync(null, StoreFixture.Cancellation);
        Assert.False(await _fixture.HasAsync(image));
        Assert.Empty(_fixture.Files);
        Assert.Null(await Store.ListTagsAsync(StoreFixture.Repository, "", 1, StoreFixture.Cancellation));
    }

    [Fact]
    public async Task Who_asks_whether_a_blob_is_there_can_still_refer_to_it()
    {
        Digest blob = await _fixture.PutBlobAsync("asked for");
        _fixture.Clock.Now += Later;
        await Store.NoteInterestAsync(blob, StoreFixture.Cancellation);
        await Store.CollectAsync(null, StoreFixture.Cancellation);
        Assert.NotNull(await Store.FindBlobAsync(StoreFixture.Repository, blob, StoreFixture.Cancellation));
    }

    [Fact]
    public async Task A_blob_that_is_mounted_or_pushed_again_is_fresh()
    {
        Digest mounted = await _fixture.PutBlobAsync("mounted"), again = await _fixture.PutBlobAsync("again");
        _fixture.Clock.Now += Later;
        await Store.MountBlobAsync(RepositoryName.Parse("other"), null, mounted, StoreFixture.Cancellation);
        await _fixture.PutBlobAsync("again");
        await Store.CollectAsync(null, StoreFixture.Cancellation);
        Assert.True(File.Exists(_fixture.PathOf(mounted)));
        Assert.True(File.Exists(_fixture.PathOf(again)));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_removes_nothing()
    {
        Digest blob = await _fixture.PutBlobAsync("from the future");
        _fixture.Clock.Now -= TimeSpan.FromDays(1000);
        await Store.CollectAsync(null, StoreFixture.Cancellation);
        Assert.True(File.Exists(_fixture.PathOf(blob)));
    }

    [Fact]
    public async Task A_catalogue_that_was_lost_does_not_take_all_blobs_with_it()
    {
        await _fixture.PutImageAsync("kept", "1");
        string[] files = _fixture.Files;
        string lost = Path.Combine(_fixture.Home, "blobs"), home = _fixture.Home + "-restored";
        Directory.CreateDirectory(home);
        Directory.Move(lost, Path.Combine(home, "blobs"));
        using ContentStore anew = ContentStore.Open(home);
        foreach (bool dry in new[] { true, false })
            Assert.Equal(FaultCode.StoreDamaged, (await Assert.ThrowsAsync<IpdrException>(() => anew.CollectAsync(new CollectionOptions { DryRun = dry, Grace = TimeSpan.Zero }, StoreFixture.Cancellation))).Fault.Code);
        Assert.Equal(files.Length, Directory.EnumerateFiles(Path.Combine(home, "blobs"), "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public async Task Files_that_the_catalogue_does_not_know_go()
    {
        Digest kept = await _fixture.PutImageAsync("kept", "1");
        Digest stray = Digest.OfContent(DigestAlgorithm.Sha512, [1]);
        await File.WriteAllBytesAsync(_fixture.PathOf(stray), [1], StoreFixture.Cancellation);
        CollectionReport dry = await Store.CollectAsync(new CollectionOptions { DryRun = true }, StoreFixture.Cancellation);
        Assert.Equal((1, 1L), (dry.Strays, dry.Bytes));
        Assert.True(File.Exists(_fixture.PathOf(stray)));
        Assert.Equal(1, (await Store.CollectAsync(null, StoreFixture.Cancellation)).Strays);
        Assert.False(File.Exists(_fixture.PathOf(stray)));
        Assert.True(await _fixture.HasAsync(kept));
    }

    [Fact]
    public async Task Blocks_from_elsewhere_that_nobody_reads_go()
    {
        string old = Cached("old", 40), read = Cached("read", 40), young = Cached("young", 20), left = Cached("0a.half", 40);
        File.SetLastAccessTimeUtc(read, (_fixture.Clock.Now - TimeSpan.FromDays(1)).UtcDateTime);
        CollectionReport dry = await Store.CollectAsync(new CollectionOptions { DryRun = true }, StoreFixture.Cancellation);
        Assert.Equal((2, 10L), (dry.CachedBlocks, dry.Bytes));
        Assert.True(File.Exists(old));
        Assert.Equal(2, (await Store.CollectAsync(null, StoreFixture.Cancellation)).CachedBlocks);
        Assert.Equal([false, false, true, true], new[] { old, left, read, young }.Select(File.Exists));
        Assert.Equal(2, (await Store.CollectAsync(new CollectionOptions { CacheAge = TimeSpan.Zero }, StoreFixture.Cancellation)).CachedBlocks);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_fixture.Home, BlockCache.FolderName), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_cache_that_is_read_and_filled_while_it_is_emptied_gives_every_block()
    {
        byte[][] contents = [.. Enumerable.Range(0, 50).Select(i => new byte[] { 1, (byte)i })];
        RawBlocks source = new(contents);
        string folder = Path.Combine(_fixture.Home, BlockCache.FolderName);
        _fixture.Clock.Now = DateTimeOffset.UtcNow + TimeSpan.FromDays(365);
        using CancellationTokenSource done = new();
        Task collecting = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
                await Store.CollectAsync(new CollectionOptions { CacheAge = TimeSpan.Zero }, CancellationToken.None);
        }, StoreFixture.Cancellation);
        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), StoreFixture.Cancellation, async (i, cancellationToken) =>
        {
            byte[] wanted = contents[i % contents.Length];
            using IMemoryOwner<byte>? block = await new BlockCache(folder, source, 1 << 20).TryReadAsync(RawBlocks.CidOf(wanted), cancellationToken);
            Assert.Equal(wanted, block!.Memory.ToArray());
        });
        await done.CancelAsync();
        await collecting;
    }

    [Fact]
    public async Task An_upload_that_is_not_continued_goes_and_one_that_runs_stays()
    {
        UploadId left = await Store.StartUploadAsync(StoreFixture.Repository, DigestAlgorithm.Sha256, StoreFixture.Cancellation);
        UploadId empty = await Store.StartUploadAsync(StoreFixture.Repository, DigestAlgorithm.Sha256, StoreFixture.Cancellation);
        UploadId running = await Store.StartUploadAsync(StoreFixture.Repository, DigestAlgorithm.Sha256, StoreFixture.Cancellation);
        await using (BlobUpload upload = Store.OpenUpload(StoreFixture.Repository, left)!)
            await upload.AppendAsync(StoreFixture.Reader([1, 2, 3]), 10, StoreFixture.Cancellation);
        Assert.Equal(0, (await Store.CollectAsync(null, StoreFixture.Cancellation)).Uploads);
        _fixture.Clock.Now += TimeSpan.FromDays(8);
        await using (BlobUpload upload = Store.OpenUpload(StoreFixture.Repository, running)!)
        {
            using ContentStore other = _fixture.Open();
            Assert.Equal(2, (await other.CollectAsync(null, StoreFixture.Cancellation)).Uploads);
        }
        Assert.Null(Store.FindUploadLength(StoreFixture.Repository, left));
        Assert.Null(Store.FindUploadLength(StoreFixture.Repository, empty));
        Assert.Equal(0, Store.FindUploadLength(StoreFixture.Repository, running));
    }

    private string Cached(string name, int days)
    {
        string path = Path.Combine(_fixture.Home, BlockCache.FolderName, "0a", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, new byte[5]);
        DateTime time = (_fixture.Clock.Now - TimeSpan.FromDays(days)).UtcDateTime;
        File.SetLastWriteTimeUtc(path, time);
        File.SetLastAccessTimeUtc(path, time);
        return path;
    }

    // Raw blocks, each time anew, as they come from a network.
    private sealed class RawBlocks(byte[][] contents) : IBlockSource
    {
        private readonly Dictionary<Cid, byte[]> _blocks = contents.ToDictionary(CidOf);

        public static Cid CidOf(byte[] content) => Cid.Create(1, Multicodec.Raw, Multihash.OfContent(MultihashCode.Sha256, content));

        public ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
        {
            byte[] content = _blocks[cid];
            BlockBuffer block = new(content.Length);
            content.CopyTo(block.Memory);
            return new(block);
        }
    }
}
