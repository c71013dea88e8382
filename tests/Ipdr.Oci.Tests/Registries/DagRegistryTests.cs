using System.Globalization;
using System.Text;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Dags;
using Ipdr.Oci.Tests.UnixFs.Reading;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Tests.Registries;

/// <summary>An image in a DAG of any form is a registry.</summary>
public sealed class DagRegistryTests : IDisposable
{
    private static readonly RepositoryName Name = RepositoryName.Parse("fixture/one");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(LayoutKind.Oci, DigestAlgorithm.Sha256)]
    [InlineData(LayoutKind.RegistryV2, DigestAlgorithm.Sha256)]
    [InlineData(LayoutKind.Universal, DigestAlgorithm.Sha256)]
    [InlineData(LayoutKind.Universal, DigestAlgorithm.Sha512)]
    [InlineData(LayoutKind.RegistryV2, DigestAlgorithm.Blake3)]
    public async Task Every_form_of_layout_is_served(LayoutKind kind, DigestAlgorithm algorithm)
    {
        ConvertedLayout layout = await ConvertedLayout.MakeAsync(_folder, "docker2010-one.tar", kind, null, algorithm);
        DagRegistry registry = await DagRegistry.OpenAsync(layout.Dag.Root, await BlockBag.OfAsync(layout.Dag), Cancellation);
        RegistryManifest manifest = (await registry.FindManifestAsync(Name, Tag.Parse("1.0"), Cancellation))!;
        Assert.Equal(algorithm, manifest.Digest.Algorithm);
        await ConvertedLayout.CheckAsync(registry, Name, manifest);
        Assert.Contains(Tag.Parse("1.0"), (await registry.ListTagsAsync(Name, "", 10, Cancellation))!);
        Assert.Equal(manifest.Digest, (await registry.FindManifestAsync(RepositoryName.Parse(DagRegistry.NameOf(layout.Dag.Root)), Tag.Latest, Cancellation))!.Digest);
        // There is one image: who asks for its CID gets it by any tag.
        Assert.Equal(manifest.Digest, (await registry.FindManifestAsync(Name, Tag.Parse("other"), Cancellation))!.Digest);
        // But not by a tag under which something that refers to it would stand.
        foreach (Tag tag in ReferrerTag.CosignOf(manifest.Digest).Append(ReferrerTag.ListOf(manifest.Digest)))
            Assert.Null(await registry.FindManifestAsync(Name, tag, Cancellation));
        Digest absent = Digest.OfContent(DigestAlgorithm.Sha256, [1, 2]);
        Assert.Null(await registry.FindManifestAsync(Name, absent, Cancellation));
        Assert.Null(await registry.FindBlobAsync(Name, absent, Cancellation));
        Assert.Empty(await registry.ListReferrersAsync(Name, absent, null, "", 10, Cancellation));
    }

    [Fact]
    public async Task A_library_is_not_gone_through_for_images()
    {
        BlockBag bag = new();
        Cid Shelf(int i) => bag.AddNode(Node.Directory([.. Enumerable.Range(0, 200).Select(j => ($"b{j}", bag.AddNode(Node.Directory(($"{i}-{j}", bag.AddRaw(1))))))]));
        Cid top = bag.AddNode(Node.Directory([.. Enumerable.Range(0, 200).Select(i => ($"a{i}", Shelf(i)))]));
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => DagRegistry.OpenAsync(top, bag, Cancellation));
        Assert.Equal(FaultCode.NoImages, e.Fault.Code);
        // Each look reads the way from the top.
        Assert.InRange(bag.Reads, 10_000, 60_000);
    }

    [Fact]
    public async Task Directories_that_link_to_each_other_many_times_are_looked_through_once()
    {
        BlockBag bag = new();
        Cid top = bag.AddRaw(1);
        for (int i = 0; i < 12; i++)
            top = bag.AddNode(Node.Directory([.. Enumerable.Range(0, 100).Select(j => (j.ToString("d3", CultureInfo.InvariantCulture), top))]));
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => DagRegistry.OpenAsync(top, bag, Cancellation));
        Assert.Equal(FaultCode.NoImages, e.Fault.Code);
        Assert.InRange(bag.Reads, 8, 1000);
    }

    [Fact]
    public async Task Among_several_images_the_tag_decides()
    {
        ConvertedLayout layout = await ConvertedLayout.MakeAsync(_folder, "docker2010-multiimage.tar", LayoutKind.Oci);
        DagRegistry registry = await DagRegistry.OpenAsync(layout.Dag.Root, await BlockBag.OfAsync(layout.Dag), Cancellation);
        Assert.Null(await registry.FindManifestAsync(Name, Tag.Parse("unknown"), Cancellation));
        IReadOnlyList<Tag> tags = (await registry.ListTagsAsync(Name, "", 10, Cancellation))!;
        Assert.NotEmpty(tags);
        foreach (Tag tag in tags)
            await ConvertedLayout.CheckAsync(registry, Name, (await registry.FindManifestAsync(Name, tag, Cancellation))!);
    }

    [Fact]
    public async Task An_image_that_nerdctl_pushed_is_followed_from_its_descriptor()
    {
        BlockBag bag = new();
        byte[] config = Encoding.UTF8.GetBytes("""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"""), layer = [1, 2, 3];
        byte[] manifest = Encoding.UTF8.GetBytes(
            $$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{Descriptor("application/vnd.oci.image.config.v1+json", config, bag)}},
            "layers":[{{Descriptor("application/vnd.oci.image.layer.v1.tar", layer, bag)}}]}
            """);
        byte[] index = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{Descriptor("application/vnd.oci.image.manifest.v1+json", manifest, bag)}}]}""");
        Cid root = bag.AddRaw(Encoding.UTF8.GetBytes(Descriptor("application/vnd.oci.image.index.v1+json", index, bag)));
        DagRegistry registry = await DagRegistry.OpenAsync(root, bag, Cancellation);
        RegistryManifest found = (await registry.FindManifestAsync(Name, Tag.Latest, Cancellation))!;
        Assert.Equal(index, found.Content.ToArray());
        await ConvertedLayout.CheckAsync(registry, Name, found);
        Assert.Equal([Tag.Latest], (await registry.ListTagsAsync(Name, "", 10, Cancellation))!);
        Assert.Null(await registry.FindManifestAsync(Name, ReferrerTag.ListOf(found.Digest), Cancellation));
    }

    [Fact]
    public async Task A_blob_that_does_not_have_the_digest_that_names_it_ends_in_an_error()
    {
        string folder = _folder.File("lie");
        Digest digest = Digest.OfContent(DigestAlgorithm.Sha256, [1]);
        Directory.CreateDirectory(Path.Combine(folder, "manifests"));
        Directory.CreateDirectory(Path.Combine(folder, "blobs"));
        await File.WriteAllBytesAsync(Path.Combine(folder, "blobs", digest.ToString()), [2], Cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "manifests", digest.ToString()), "{}", Cancellation);
        Dag dag = await UnixFsImporter.ImportAsync(folder, new ImportOptions { KeepBlocks = true }, Cancellation);
        DagRegistry registry = await DagRegistry.OpenAsync(dag.Root, await BlockBag.OfAsync(dag), Cancellation);
        RegistryBlob blob = (await registry.FindBlobAsync(Name, digest, Cancellation))!;
        await using Stream content = await blob.OpenAsync(0, Cancellation);
        await Assert.ThrowsAsync<DigestMismatchException>(() => content.CopyToAsync(Stream.Null, Cancellation));
        File.Delete(Path.Combine(folder, "blobs", digest.ToString()));
        Dag without = await UnixFsImporter.ImportAsync(folder, new ImportOptions { KeepBlocks = true }, Cancellation);
        registry = await DagRegistry.OpenAsync(without.Root, await BlockBag.OfAsync(without), Cancellation);
        await Assert.ThrowsAsync<DigestMismatchException>(async () => await registry.FindManifestAsync(Name, digest, Cancellation));
    }

    [Fact]
    public async Task A_block_that_is_missing_or_wrong_is_told()
    {
        ConvertedLayout layout = await ConvertedLayout.MakeAsync(_folder, "docker2010-one.tar", LayoutKind.Universal);
        BlockBag bag = await BlockBag.OfAsync(layout.Dag);
        DagEntry file = layout.Dag.Entries().Single(entry => entry.Path == "manifests/1.0");
        DagRegistry registry = await DagRegistry.OpenAsync(layout.Dag.Root, bag, Cancellation);
        bag.Replace(file.Cid, [1]);
        Assert.Equal(FaultCode.DigestMismatch, (await Assert.ThrowsAsync<IpdrException>(async () => await registry.FindManifestAsync(Name, Tag.Parse("1.0"), Cancellation))).Fault.Code);
        bag.Remove(file.Cid);
        Assert.Equal(FaultCode.MissingBlock, (await Assert.ThrowsAsync<IpdrException>(async () => await registry.FindManifestAsync(Name, Tag.Parse("1.0"), Cancellation))).Fault.Code);
        bag.Remove(layout.Dag.Root);
        Assert.Equal(FaultCode.MissingBlock, (await Assert.ThrowsAsync<IpdrException>(() => DagRegistry.OpenAsync(layout.Dag.Root, bag, Cancellation))).Fault.Code);
    }

    [Fact]
    public async Task What_holds_no_image_is_refused()
    {
        Directory.CreateDirectory(_folder.File("empty/a/b"));
        Dag dag = await UnixFsImporter.ImportAsync(_folder.File("empty"), new ImportOptions { KeepBlocks = true }, Cancellation);
        Assert.Equal(FaultCode.NoImages, (await Assert.ThrowsAsync<IpdrException>(async () => await DagRegistry.OpenAsync(dag.Root, await BlockBag.OfAsync(dag), Cancellation))).Fault.Code);
        BlockBag bag = new();
        Assert.Equal(FaultCode.BadManifest, (await Assert.ThrowsAsync<IpdrException>(() => DagRegistry.OpenAsync(bag.AddRaw(1, 2), bag, Cancellation))).Fault.Code);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Descriptor(string mediaType, byte[] content, BlockBag bag) =>
        $$"""{"mediaType":"{{mediaType}}","digest":"{{Digest.OfContent(DigestAlgorithm.Sha256, content)}}","size":{{content.Length}},"urls":["ipfs://{{bag.AddRaw(content)}}"]}""";
}
