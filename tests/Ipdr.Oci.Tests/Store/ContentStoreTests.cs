using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Store;
using Microsoft.Data.Sqlite;

namespace Ipdr.Oci.Tests.Store;

/// <summary>The store keeps what it is given, for every process that opens it.</summary>
public sealed class ContentStoreTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    private ContentStore Store => _fixture.Store;

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    [InlineData(DigestAlgorithm.Blake3)]
    public async Task A_blob_is_a_plain_file_under_its_digest(DigestAlgorithm algorithm)
    {
        Digest digest = await _fixture.PutBlobAsync("content", algorithm);
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(_fixture.Home, "blobs", algorithm.Name, digest.Encoded), StoreFixture.Cancellation));
        Assert.Equal(7, (await Store.FindBlobAsync(StoreFixture.Repository, digest, StoreFixture.Cancellation))!.Size);
    }

    [Fact]
    public async Task Another_process_sees_what_this_one_stored()
    {
        Digest image = await _fixture.PutImageAsync("app", "1.0");
        using ContentStore other = _fixture.Open();
        RegistryManifest? found = await other.FindManifestAsync(StoreFixture.Repository, Tag.Parse("1.0"), StoreFixture.Cancellation);
        Assert.Equal(image, found!.Digest);
        StoredImage listed = Assert.Single(other.ListImages());
        Assert.Equal((image, "1.0"), (listed.Digest, listed.Tag.ToString()));
        Assert.Equal(_fixture.Files.Sum(path => new FileInfo(path).Length), listed.Size);
    }

    [Fact]
    public async Task An_image_gets_more_names_here_and_in_other_repositories()
    {
        Digest child = await _fixture.PutImageAsync("child");
        Digest index = await _fixture.PutIndexAsync("1", child);
        RepositoryName other = RepositoryName.Parse("other/place");
        Assert.True(await Store.TagAsync(StoreFixture.Repository, index, Tag.Parse("2"), StoreFixture.Cancellation));
        Assert.True(await Store.CopyAsync(StoreFixture.Repository, index, other, Tag.Parse("3"), StoreFixture.Cancellation));
        Assert.False(await Store.TagAsync(other, Digest.OfContent(DigestAlgorithm.Sha256, [9]), Tag.Parse("4"), StoreFixture.Cancellation));
        Assert.False(await Store.CopyAsync(other, Digest.OfContent(DigestAlgorithm.Sha256, [9]), StoreFixture.Repository, Tag.Parse("4"), StoreFixture.Cancellation));
        Assert.NotNull(await Store.FindManifestAsync(other, child, StoreFixture.Cancellation));
        Assert.True(await Store.DeleteManifestAsync(StoreFixture.Repository, index, StoreFixture.Cancellation));
        Assert.Equal(index, (await Store.FindManifestAsync(other, Tag.Parse("3"), StoreFixture.Cancellation))!.Digest);
        Assert.Null(await Store.FindManifestAsync(StoreFixture.Repository, Tag.Parse("2"), StoreFixture.Cancellation));
    }

    [Fact]
    public async Task Only_one_can_write_an_upload()
    {
        UploadId id = await Store.StartUploadAsync(StoreFixture.Repository, DigestAlgorithm.Sha256, StoreFixture.Cancellation);
        using ContentStore other = _fixture.Open();
        await using (BlobUpload upload = Store.OpenUpload(StoreFixture.Repository, id)!)
            Assert.Equal(FaultCode.InUse, Assert.Throws<IpdrException>(() => other.OpenUpload(StoreFixture.Repository, id)).Fault.Code);
        await using (BlobUpload upload = other.OpenUpload(StoreFixture.Repository, id)!)
            await upload.AppendAsync(StoreFixture.Reader([1, 2]), 10, StoreFixture.Cancellation);
        await using (BlobUpload upload = Store.OpenUpload(StoreFixture.Repository, id)!)
        {
            await upload.AppendAsync(StoreFixture.Reader([3]), 10, StoreFixture.Cancellation);
            await upload.CompleteAsync(Digest.OfContent(DigestAlgorithm.Sha256, [1, 2, 3]), StoreFixture.Cancellation);
        }
        Assert.Null(other.OpenUpload(StoreFixture.Repository, id));
    }

    [Fact]
    public async Task An_upload_that_is_cut_back_is_hashed_anew()
    {
        UploadId id = await Store.StartUploadAsync(StoreFixture.Repository, DigestAlgorithm.Sha256, StoreFixture.Cancellation);
        await using BlobUpload upload = Store.OpenUpload(StoreFixture.Repository, id)!;
        await upload.AppendAsync(StoreFixture.Reader([1, 2, 3]), 10, StoreFixture.Cancellation);
        upload.Truncate(1);
        await upload.AppendAsync(StoreFixture.Reader([9]), 10, StoreFixture.Cancellation);
        RegistryBlob blob = await upload.CompleteAsync(Digest.OfContent(DigestAlgorithm.Sha256, [1, 9]), StoreFixture.Cancellation);
        Assert.Equal([1, 9], await File.ReadAllBytesAsync(Assert.IsType<FileBlob>(blob).Path, StoreFixture.Cancellation));
    }

    [Fact]
    public async Task A_blob_whose_file_was_lost_is_restored_by_pushing_it_again()
    {
        Digest digest = await _fixture.PutBlobAsync("content");
        File.Delete(_fixture.PathOf(digest));
        await _fixture.PutBlobAsync("content");
        Assert.True(File.Exists(_fixture.PathOf(digest)));
    }

    [Fact]
    public async Task Which_blob_a_layer_became_is_remembered_as_long_as_the_blob_is_there()
    {
        Digest diffId = Digest.OfContent(DigestAlgorithm.Sha256, [1]), blob = await _fixture.PutBlobAsync("compressed");
        Assert.False(await Store.RememberLayerAsync(diffId, "gzip-1", diffId, StoreFixture.Cancellation));
        Assert.True(await Store.RememberLayerAsync(diffId, "gzip-1", blob, StoreFixture.Cancellation));
        Assert.Equal(blob, Store.FindLayer(diffId, "gzip-1")!.Digest);
        Assert.Null(Store.FindLayer(diffId, "zstd-1"));
        Assert.Equal((diffId, blob), Store.FindStoredLayer(blob) is var (found, file) ? (found, file.Digest) : default);
        Assert.Null(Store.FindStoredLayer(diffId));
        _fixture.Clock.Now += TimeSpan.FromDays(2);
        await Store.CollectAsync(null, StoreFixture.Cancellation);
        Assert.Null(Store.FindLayer(diffId, "gzip-1"));
        Assert.Null(Store.FindStoredLayer(blob));
    }

    [Fact]
    public async Task Two_blobs_that_others_made_of_one_layer_are_both_remembered()
    {
        Digest diffId = Digest.OfContent(DigestAlgorithm.Sha256, [1]), one = await _fixture.PutBlobAsync("one"), other = await _fixture.PutBlobAsync("other");
        Assert.True(await Store.RememberLayerAsync(diffId, null, one, StoreFixture.Cancellation));
        Assert.True(await Store.RememberLayerAsync(diffId, null, other, StoreFixture.Cancellation));
        Assert.Equal([diffId, diffId], new[] { one, other }.Select(blob => Store.FindStoredLayer(blob)!.Value.DiffId));
    }

    [Fact]
    public async Task A_store_that_was_copied_while_idle_is_a_store()
    {
        Digest image = await _fixture.PutImageAsync("app", "1.0");
        using TemporaryFolder copy = new();
        Store.Dispose();
        foreach (string file in Directory.EnumerateFiles(_fixture.Home, "*", SearchOption.AllDirectories))
        {
            string target = copy.File(Path.GetRelativePath(_fixture.Home, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        using ContentStore store = ContentStore.Open(copy.Path);
        Assert.Equal(image, (await store.FindManifestAsync(StoreFixture.Repository, Tag.Parse("1.0"), StoreFixture.Cancellation))!.Digest);
    }

    // What a disk lost has to come again; who asks whether it is here must hear no, or it never would.
    [Theory]
    [InlineData(0L)]
    [InlineData(3L)]
    [InlineData(null)]
    public async Task A_blob_whose_file_is_lost_or_cut_off_is_not_here_until_it_comes_again(long? left)
    {
        RepositoryName other = RepositoryName.Parse("other/place");
        Digest digest = await _fixture.PutBlobAsync("content"), diffId = Digest.OfContent(DigestAlgorithm.Sha256, [1]);
        Assert.True(await Store.RememberLayerAsync(diffId, "recipe", digest, StoreFixture.Cancellation));
        if (left is { } length)
        {
            using FileStream file = File.OpenWrite(_fixture.PathOf(digest));
            file.SetLength(length);
        }
        else
        {
            File.Delete(_fixture.PathOf(digest));
        }
        Assert.Null(await Store.FindBlobAsync(StoreFixture.Repository, digest, StoreFixture.Cancellation));
        Assert.Null(Store.FindBlob(digest));
        Assert.Null(Store.FindLayer(diffId, "recipe"));
        Assert.False(await Store.MountBlobAsync(other, null, digest, StoreFixture.Cancellation));
        await _fixture.PutBlobAsync("content");
        Assert.NotNull(Store.FindLayer(diffId, "recipe"));
        Assert.True(await Store.MountBlobAsync(other, null, digest, StoreFixture.Cancellation));
        Assert.Equal("content", await File.ReadAllTextAsync((await Store.FindBlobAsync(other, digest, StoreFixture.Cancellation) as FileBlob)!.Path, StoreFixture.Cancellation));
    }

    [Fact]
    public async Task A_file_that_has_rotted_is_replaced_by_one_that_comes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files that may be read by others stay as they are.");
        Digest image = await _fixture.PutImageAsync("app", "1.0");
        string config = _fixture.PathOf(Digest.OfContent(DigestAlgorithm.Sha256, "config of app"u8.ToArray()));
        string manifest = await File.ReadAllTextAsync(_fixture.PathOf(image), StoreFixture.Cancellation);
        await File.WriteAllTextAsync(config, "CONFIG of app", StoreFixture.Cancellation);
        await File.WriteAllTextAsync(_fixture.PathOf(image), new string('x', manifest.Length), StoreFixture.Cancellation);
        await _fixture.PutImageAsync("app", "1.0");
        Assert.Equal("config of app", await File.ReadAllTextAsync(config, StoreFixture.Cancellation));
        Assert.Equal(manifest, await File.ReadAllTextAsync(_fixture.PathOf(image), StoreFixture.Cancellation));
    }

    // A folder in its place is what even an administrator may not read as a file.
    [Fact]
    public async Task What_may_not_be_read_or_written_is_told_with_its_place()
    {
        Digest image = await _fixture.PutImageAsync("app", "1.0");
        UploadId id = await Store.StartUploadAsync(StoreFixture.Repository, DigestAlgorithm.Sha256, StoreFixture.Cancellation);
        string manifest = _fixture.PathOf(image), upload = Path.Combine(_fixture.Home, "uploads", id.ToString());
        File.Delete(manifest);
        Directory.CreateDirectory(manifest);
        Directory.CreateDirectory(upload);
        using ContentStore other = _fixture.Open();
        IpdrException unread = await Assert.ThrowsAsync<IpdrException>(async () => await other.FindManifestAsync(StoreFixture.Repository, image, StoreFixture.Cancellation));
        IpdrException unwritten = Assert.Throws<IpdrException>(() => other.OpenUpload(StoreFixture.Repository, id));
        IpdrException unopened = await Assert.ThrowsAsync<IpdrException>(async () => await new FileBlob(image, 1, manifest).OpenAsync(0, StoreFixture.Cancellation));
        Assert.Equal(
            [(FaultCode.Io, manifest), (FaultCode.Io, upload), (FaultCode.Io, manifest)],
            new[] { unread, unwritten, unopened }.Select(failure => (failure.Fault.Code, failure.Fault.Where)));
    }

    [Theory]
    [InlineData(99, FaultCode.UnsupportedVersion)]
    [InlineData(-1, FaultCode.StoreDamaged)]
    public void A_store_of_a_newer_release_or_of_none_is_refused(int version, FaultCode fault)
    {
        using (SqliteConnection connection = new($"Data Source={Path.Combine(_fixture.Home, "catalogue.db")};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = $"PRAGMA user_version = {version}";
            command.ExecuteNonQuery();
        }
        Assert.Equal(fault, Assert.Throws<IpdrException>(_fixture.Open).Fault.Code);
    }

    [Fact]
    public async Task A_store_of_an_older_release_is_brought_up_to_date()
    {
        Digest image = await _fixture.PutImageAsync("app", "1.0");
        Cid cid = (await Store.FindCidAsync(StoreFixture.Repository, Tag.Parse("1.0"), StoreFixture.Cancellation))!.Value;
        using (SqliteConnection connection = new($"Data Source={Path.Combine(_fixture.Home, "catalogue.db")};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "DROP TABLE root_references; PRAGMA user_version = 2";
            command.ExecuteNonQuery();
        }
        using ContentStore store = _fixture.Open();
        await store.CollectAsync(null, StoreFixture.Cancellation);
        Assert.Equal([image], store.ListImages().Select(listed => listed.Digest));
        Assert.Contains(image, store.FindManifests(cid));
    }

    [Fact]
    public void A_catalogue_that_is_none_is_told_as_damaged()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("catalogue.db"), new string('x', 10_000));
        Assert.Equal(FaultCode.StoreDamaged, Assert.Throws<IpdrException>(() => ContentStore.Open(folder.Path)).Fault.Code);
    }

    [Fact]
    public async Task Many_who_open_a_new_store_at_once_all_can()
    {
        using TemporaryFolder folder = new();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using ContentStore store = ContentStore.Open(folder.File("new"));
            store.Probe();
        }, StoreFixture.Cancellation)));
    }
}
