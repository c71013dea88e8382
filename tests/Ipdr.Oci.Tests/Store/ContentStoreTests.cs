using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
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
        _fixture.Clock.Now += TimeSpan.FromDays(2);
        await Store.CollectAsync(null, StoreFixture.Cancellation);
        Assert.Null(Store.FindLayer(diffId, "gzip-1"));
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

    [Fact]
    public void A_store_of_a_newer_release_is_refused()
    {
        using (SqliteConnection connection = new($"Data Source={Path.Combine(_fixture.Home, "catalogue.db")};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }
        Assert.Equal(FaultCode.UnsupportedVersion, Assert.Throws<IpdrException>(_fixture.Open).Fault.Code);
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
