using System.Buffers;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Dags;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Store;
using Ipdr.Oci.Tests.Registries;
using Ipdr.Oci.Tests.UnixFs.Reading;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Store;

/// <summary>What a store holds can be had as blocks of IPFS, and its images have CIDs.</summary>
public sealed class BlockIndexTests : IDisposable
{
    private readonly StoreFixture _fixture = new();
    private readonly TemporaryFolder _folder = new();

    private ContentStore Store => _fixture.Store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _fixture.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("docker2010-one.tar", DigestAlgorithm.Sha256)]
    [InlineData("docker2010-one.tar", DigestAlgorithm.Sha512)]
    [InlineData("docker2010-one.tar", DigestAlgorithm.Blake3)]
    public async Task An_image_that_was_pushed_has_the_cid_of_its_universal_layout_and_all_blocks_of_it(string archive, DigestAlgorithm algorithm)
    {
        ConvertedLayout layout = await ConvertedLayout.MakeAsync(_folder, archive, LayoutKind.Universal, null, algorithm);
        LayoutRegistry registry = LayoutRegistry.Open([layout.Folder]);
        await ConvertedLayout.PushAsync(registry, Store);
        RepositoryName name = Assert.Single(await registry.ListRepositoriesAsync("", 10, Cancellation));
        Tag tag = Assert.Single((await registry.ListTagsAsync(name, "", 10, Cancellation))!);
        Assert.Equal(layout.Dag.Root, await Store.FindCidAsync(name, tag, Cancellation));
        foreach (DagBlock block in layout.Dag.Blocks())
        {
            byte[] expected = new byte[block.Length];
            await block.ReadAsync(expected, Cancellation);
            using IMemoryOwner<byte>? found = await Store.TryReadAsync(block.Cid, Cancellation);
            Assert.Equal(expected, found!.Memory.ToArray());
            Assert.True(Store.HasBlock(block.Cid));
        }
        RegistryManifest manifest = (await registry.FindManifestAsync(name, tag, Cancellation))!;
        Assert.Equal([manifest.Digest], Store.FindManifests(layout.Dag.Root));
    }

    [Fact]
    public async Task A_blob_of_many_leaves_reads_as_a_file_however_it_came()
    {
        byte[] bytes = new byte[(3 << 20) + 17];
        new Random(1).NextBytes(bytes);
        Digest digest = Digest.OfContent(DigestAlgorithm.Sha256, bytes);
        UploadId id = await Store.StartUploadAsync(StoreFixture.Repository, DigestAlgorithm.Sha256, Cancellation);
        for (int start = 0; start < bytes.Length; start += 1_000_003)
        {
            await using BlobUpload piece = Store.OpenUpload(StoreFixture.Repository, id)!;
            await piece.AppendAsync(StorePipe.Of(bytes[start..Math.Min(bytes.Length, start + 1_000_003)]), long.MaxValue, Cancellation);
        }
        await using (BlobUpload upload = Store.OpenUpload(StoreFixture.Repository, id)!)
            await upload.CompleteAsync(digest, Cancellation);
        Cid cid = (await UnixFsImporter.ImportAsync(new MemoryStream(bytes), new ImportOptions(), Cancellation)).Root;
        await using Stream file = await new DagReader(Store).OpenFileAsync(ContentPath.Of(cid), Cancellation);
        using MemoryStream read = new();
        await file.CopyToAsync(read, Cancellation);
        Assert.Equal(bytes, read.ToArray());
    }

    [Theory]
    [InlineData(-1)]                                                                         // lost
    [InlineData(1000)]                                                                       // cut off
    [InlineData(300_000)]                                                                    // rotten
    public async Task A_block_of_two_blobs_is_there_while_one_of_them_is(int kept)
    {
        // The first leaf, of 1 MiB, is the same.
        byte[] first = new byte[(1 << 20) + 1], second = new byte[(1 << 20) + 2];
        new Random(2).NextBytes(first.AsSpan(0, 1 << 20));
        first.CopyTo(second, 0);
        Cid cid = Cid.Create(1, Multicodec.Raw, Multihash.OfContent(MultihashCode.Sha256, first.AsSpan(0, 1 << 20)));
        foreach (byte[] blob in new[] { first, second })
            await PutAsync(blob);
        foreach (byte[] damaged in new[] { first, second })
        {
            string path = _fixture.PathOf(Digest.OfContent(DigestAlgorithm.Sha256, damaged));
            byte[] whole = await File.ReadAllBytesAsync(path, Cancellation);
            if (kept < 0)
                File.Delete(path);
            else if (kept < 300_000)
                await File.WriteAllBytesAsync(path, whole[..kept], Cancellation);
            else
                await File.WriteAllBytesAsync(path, [.. whole[..kept], (byte)~whole[kept], .. whole[(kept + 1)..]], Cancellation);
            using (IMemoryOwner<byte>? found = await Store.TryReadAsync(cid, Cancellation))
                Assert.Equal(first[..(1 << 20)], found!.Memory.ToArray());
            await File.WriteAllBytesAsync(path, whole, Cancellation);
        }
    }

    [Fact]
    public async Task A_block_whose_blob_was_cut_off_is_not_there()
    {
        byte[] blob = new byte[100];
        new Random(3).NextBytes(blob);
        await PutAsync(blob);
        await File.WriteAllBytesAsync(_fixture.PathOf(Digest.OfContent(DigestAlgorithm.Sha256, blob)), blob[..50], Cancellation);
        Assert.Null(await Store.TryReadAsync(Cid.Create(1, Multicodec.Raw, Multihash.OfContent(MultihashCode.Sha256, blob)), Cancellation));
    }

    [Fact]
    public async Task A_blob_whose_hashes_were_lost_is_taken_apart_when_its_image_is_named()
    {
        Digest image = await _fixture.PutImageAsync("one", "1");
        Cid named = (await Store.FindCidAsync(StoreFixture.Repository, Tag.Parse("1"), Cancellation))!.Value;
        using StoreFixture other = new();
        string config = "config of one", layer = "layer of one";
        foreach (string content in (string[])[config, layer])
        {
            byte[] bytes = System.Text.Encoding.UTF8.GetBytes(content);
            UploadId id = await other.Store.StartUploadAsync(StoreFixture.Repository, DigestAlgorithm.Sha256, Cancellation);
            await using (BlobUpload first = other.Store.OpenUpload(StoreFixture.Repository, id)!)
                await first.AppendAsync(StorePipe.Of(bytes[..4]), 100, Cancellation);
            using ContentStore restarted = other.Open();
            await using BlobUpload second = restarted.OpenUpload(StoreFixture.Repository, id)!;
            await second.AppendAsync(StorePipe.Of(bytes[4..]), 100, Cancellation);
            await second.CompleteAsync(Digest.OfContent(DigestAlgorithm.Sha256, bytes), Cancellation);
        }
        Assert.Equal(image, await other.PutImageAsync("one", "1"));
        Assert.Equal(named, await other.Store.FindCidAsync(StoreFixture.Repository, Tag.Parse("1"), Cancellation));
        DagReading reading = new(other.Store);
        await reading.ReadAllAsync(named);
    }

    [Fact]
    public async Task Each_name_of_an_image_is_a_cid_of_its_own_and_a_moved_tag_gets_another()
    {
        Digest image = await _fixture.PutImageAsync("one", "1");
        Assert.True(await Store.TagAsync(StoreFixture.Repository, image, Tag.Parse("2"), Cancellation));
        Cid one = (await CidOfAsync("1"))!.Value, two = (await CidOfAsync("2"))!.Value;
        Cid? unnamed = await Store.FindCidAsync(StoreFixture.Repository, image, Cancellation);
        Assert.Equal(3, new[] { one, two, unnamed!.Value }.Distinct().Count());
        Assert.All(new[] { one, two, unnamed.Value }, cid => Assert.Equal([image], Store.FindManifests(cid)));
        await _fixture.PutImageAsync("other", "1");
        Assert.NotEqual(one, await CidOfAsync("1"));
        Assert.Null(await CidOfAsync("3"));
        Assert.Null(await Store.FindCidAsync(StoreFixture.Repository, Digest.OfContent(DigestAlgorithm.Sha256, []), Cancellation));
    }

    [Fact]
    public async Task Blocks_go_with_what_they_are_parts_of()
    {
        Digest image = await _fixture.PutImageAsync("gone", "1");
        Digest other = await _fixture.PutImageAsync("kept", "2");
        Cid gone = (await CidOfAsync("1"))!.Value, kept = (await CidOfAsync("2"))!.Value;
        await Store.DeleteManifestAsync(StoreFixture.Repository, image, Cancellation);
        _fixture.Clock.Now += TimeSpan.FromDays(2);
        await Store.CollectAsync(null, Cancellation);
        Assert.False(Store.HasBlock(gone));
        Assert.Empty(Store.FindManifests(gone));
        Assert.Equal([other], Store.FindManifests(kept));
        DagReading reading = new(Store);
        await reading.ReadAllAsync(kept);
    }

    [Theory]
    [InlineData(LayoutKind.RegistryV2, "unixfs-v0-2015")]
    [InlineData(LayoutKind.Universal, "unixfs-v0-2015")]
    [InlineData(LayoutKind.Oci, "kubo-cid-v1")]
    public async Task A_dag_by_other_rules_leads_to_the_same_blobs(LayoutKind kind, string profile)
    {
        UnixFsProfile rules = UnixFsProfile.Known.Single(known => known.Name == profile).Profile with { ChunkSize = 1000 };
        ConvertedLayout layout = await ConvertedLayout.MakeAsync(_folder, "docker2010-one.tar", kind, rules);
        LayoutRegistry registry = LayoutRegistry.Open([layout.Folder]);
        await ConvertedLayout.PushAsync(registry, Store);
        RepositoryName name = (await registry.ListRepositoriesAsync("", 10, Cancellation))[0];
        RegistryManifest manifest = (await registry.FindManifestAsync(name, Tag.Parse("1.0"), Cancellation))!;
        long before = new DirectoryInfo(_fixture.Home).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.FullName.Contains("/blobs/", StringComparison.Ordinal)).Sum(file => file.Length);
        Assert.True(await Store.AddDagAsync(layout.Dag.Root, await BlockBag.OfAsync(layout.Dag), manifest.Digest, Cancellation));
        Assert.Equal([manifest.Digest], Store.FindManifests(layout.Dag.Root));
        DagRegistry served = await DagRegistry.OpenAsync(layout.Dag.Root, Store, Cancellation);
        await ConvertedLayout.CheckAsync(served, name, (await served.FindManifestAsync(name, Tag.Parse("1.0"), Cancellation))!);
        Assert.Equal(before, new DirectoryInfo(_fixture.Home).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.FullName.Contains("/blobs/", StringComparison.Ordinal)).Sum(file => file.Length));
    }

    [Fact]
    public async Task A_dag_that_calls_other_content_by_the_digest_of_a_blob_is_not_taken_in()
    {
        Digest image = await _fixture.PutImageAsync("one", "1");
        string folder = _folder.File("lie");
        Directory.CreateDirectory(Path.Combine(folder, "manifests"));
        Directory.CreateDirectory(Path.Combine(folder, "blobs"));
        await File.WriteAllTextAsync(Path.Combine(folder, "manifests", image.ToString()), new string('x', (int)Store.FindBlob(image)!.Size), Cancellation);
        Dag dag = await UnixFsImporter.ImportAsync(folder, new ImportOptions { KeepBlocks = true }, Cancellation);
        IpdrException refused = await Assert.ThrowsAsync<IpdrException>(async () => await Store.AddDagAsync(dag.Root, await BlockBag.OfAsync(dag), image, Cancellation));
        Assert.Equal(FaultCode.DigestMismatch, refused.Fault.Code);
        Assert.False(Store.HasBlock(dag.Root));
        Assert.False(await Store.AddDagAsync((await CidOfAsync("1"))!.Value, Store, Digest.OfContent(DigestAlgorithm.Sha256, [7]), Cancellation));
    }

    private async Task PutAsync(byte[] blob)
    {
        await using BlobUpload upload = Store.BeginUpload(StoreFixture.Repository, DigestAlgorithm.Sha256);
        await upload.AppendAsync(StorePipe.Of(blob), long.MaxValue, Cancellation);
        await upload.CompleteAsync(Digest.OfContent(DigestAlgorithm.Sha256, blob), Cancellation);
    }

    private Task<Cid?> CidOfAsync(string tag) => Store.FindCidAsync(StoreFixture.Repository, Tag.Parse(tag), Cancellation);
}
