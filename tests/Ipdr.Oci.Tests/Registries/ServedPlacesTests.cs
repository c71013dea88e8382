using System.Buffers;
using Ipdr.Oci.Car;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Dags;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Registries.Serving;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Tests.Registries;

/// <summary>Layouts, CARs and archives are served as they are.</summary>
public sealed class ServedPlacesTests : IDisposable
{
    private static readonly RepositoryName Name = RepositoryName.Parse("fixture/one");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(LayoutKind.Oci, CarVersion.V1)]
    [InlineData(LayoutKind.Universal, CarVersion.V2)]
    [InlineData(LayoutKind.RegistryV2, CarVersion.V1)]
    public async Task A_car_is_a_registry_under_the_names_in_it_and_a_source_of_its_blocks(LayoutKind kind, CarVersion version)
    {
        ConvertedLayout layout = await ConvertedLayout.MakeAsync(_folder, "docker2010-one.tar", kind);
        await CarWriter.WriteAsync(layout.Dag, _folder.File("one.car"), version, Cancellation);
        await using ServedPlaces places = await ServedPlaces.OpenAsync([_folder.File("one.car")], null, Cancellation);
        await CheckAsync(places, layout.Dag);
    }

    [Fact]
    public async Task A_layout_has_its_blocks_too()
    {
        ConvertedLayout layout = await ConvertedLayout.MakeAsync(_folder, "docker2010-one.tar", LayoutKind.Universal);
        await using ServedPlaces places = await ServedPlaces.OpenAsync([layout.Folder], null, Cancellation);
        await CheckAsync(places, layout.Dag);
    }

    [Fact]
    public async Task An_archive_with_plain_layers_is_converted_and_that_is_told()
    {
        List<string> told = [];
        ConvertedLayout layout = await ConvertedLayout.MakeAsync(_folder, "docker2010-one.tar", LayoutKind.Universal);
        await using (ServedPlaces places = await ServedPlaces.OpenAsync([Fixtures.Archive("docker2010-one.tar")], told.Add, Cancellation))
        {
            await CheckAsync(places, layout.Dag);
            Assert.Contains("converted into a temporary layout", Assert.Single(told), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_archive_with_compressed_layers_is_served_in_place()
    {
        ConvertedLayout layout = await ConvertedLayout.MakeAsync(_folder, "docker2010-one.tar", LayoutKind.Oci);
        string archive = _folder.File("one.tar");
        await using (FileStream file = File.Create(archive))
            await System.Formats.Tar.TarFile.CreateFromDirectoryAsync(layout.Folder, file, includeBaseDirectory: false, Cancellation);
        await using ServedPlaces places = await ServedPlaces.OpenAsync([archive], Assert.Fail, Cancellation);
        RegistryManifest manifest = (await places.Content.FindManifestAsync(Name, Tag.Parse("1.0"), Cancellation))!;
        await ConvertedLayout.CheckAsync(places.Content, Name, manifest);
        Descriptor config = Document.ReadManifest(manifest.Content, "").Config;
        FileBlob blob = Assert.IsType<FileBlob>(await places.Content.FindBlobAsync(Name, config.Digest, Cancellation));
        Assert.Equal((archive, true), (blob.Path, blob.Offset > 0));
    }

    [Theory]
    [InlineData("buildx-oci-attest.tar")]
    [InlineData("buildx26-oci-estargz.tar")]
    [InlineData("buildx-docker-zstd.tar")]
    [InlineData("composed-jib-oci.tar")]
    [InlineData("composed-oci-nested-index.tar")]
    [InlineData("composed-oci-sha512-data.tar")]
    [InlineData("composed-oci-blake3.tar")]
    public async Task An_archive_that_is_served_in_place_has_the_CID_and_the_blocks_of_what_it_would_be_converted_to(string archive)
    {
        ConvertedLayout converted = await ConvertedLayout.MakeAsync(_folder, archive, LayoutKind.Universal, algorithm: null);
        await using ServedPlaces places = await ServedPlaces.OpenAsync([Fixtures.Archive(archive)], Assert.Fail, Cancellation);
        RepositoryName repository = Assert.Single(await places.Content.ListRepositoriesAsync("", 10, Cancellation));
        foreach (Tag tag in (await places.Content.ListTagsAsync(repository, "", 10, Cancellation))!)
        {
            Assert.Equal(converted.Dag.Root, await places.FindCidAsync(repository, tag, Cancellation));
            Assert.Equal(converted.Dag.Root, await places.FindKnownCidAsync(repository, tag, Cancellation));
        }
        foreach (DagBlock block in converted.Dag.Blocks())
        {
            using IMemoryOwner<byte>? found = await places.Blocks.TryReadAsync(block.Cid, Cancellation);
            Assert.True(block.Cid.Hash.Matches(found!.Memory.Span));
        }
    }

    [Fact]
    public async Task A_damaged_archive_is_served_by_name_has_no_CID_and_that_is_told()
    {
        List<string> told = [];
        byte[] bytes = await File.ReadAllBytesAsync(Fixtures.Archive("composed-jib-oci.tar"), Cancellation);
        string archive = _folder.File("damaged.tar");
        await File.WriteAllBytesAsync(archive, bytes, Cancellation);
        RepositoryName repository;
        Tag tag;
        await using (ServedPlaces sound = await ServedPlaces.OpenAsync([archive], Assert.Fail, Cancellation))
        {
            repository = Assert.Single(await sound.Content.ListRepositoriesAsync("", 10, Cancellation));
            tag = Assert.Single((await sound.Content.ListTagsAsync(repository, "", 10, Cancellation))!);
            RegistryManifest manifest = (await sound.Content.FindManifestAsync(repository, tag, Cancellation))!;
            Descriptor layer = Document.ReadManifest(manifest.Content, "").Layers![0];
            FileBlob blob = Assert.IsType<FileBlob>(await sound.Content.FindBlobAsync(repository, layer.Digest, Cancellation));
            bytes[blob.Offset + blob.Size - 1] ^= 1;
        }
        await File.WriteAllBytesAsync(archive, bytes, Cancellation);
        await using ServedPlaces places = await ServedPlaces.OpenAsync([archive], told.Add, Cancellation);
        Assert.NotNull(await places.Content.FindManifestAsync(repository, tag, Cancellation));
        Assert.Null(await places.FindCidAsync(repository, tag, Cancellation));
        // Who asks for blocks waits for the reading, and is told that there are none.
        Assert.Null(await places.Blocks.TryReadAsync(Cid.Parse("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"), Cancellation));
        Assert.Contains("damaged.tar has no CID", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Places_are_one_registry_and_what_is_none_is_refused()
    {
        ConvertedLayout one = await ConvertedLayout.MakeAsync(_folder, "docker2010-one.tar", LayoutKind.Oci);
        ConvertedLayout two = await ConvertedLayout.MakeAsync(_folder, "docker28-dup.tar", LayoutKind.Universal);
        await CarWriter.WriteAsync(two.Dag, _folder.File("two.car"), CarVersion.V1, Cancellation);
        await using ServedPlaces places = await ServedPlaces.OpenAsync([one.Folder, _folder.File("two.car")], null, Cancellation);
        Assert.Equal(2, (await places.Content.ListRepositoriesAsync("", 10, Cancellation)).Count);
        await File.WriteAllTextAsync(_folder.File("text"), "nothing of the kind", Cancellation);
        await Assert.ThrowsAnyAsync<IpdrException>(() => ServedPlaces.OpenAsync([_folder.File("text")], null, Cancellation));
        await Assert.ThrowsAnyAsync<IpdrException>(() => ServedPlaces.OpenAsync([_folder.File("absent")], null, Cancellation));
        byte[] cut = await File.ReadAllBytesAsync(_folder.File("two.car"), Cancellation);
        await File.WriteAllBytesAsync(_folder.File("cut.car"), cut[..^10], Cancellation);
        await Assert.ThrowsAnyAsync<IpdrException>(() => ServedPlaces.OpenAsync([_folder.File("cut.car")], null, Cancellation));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task CheckAsync(ServedPlaces places, Dag dag)
    {
        RegistryManifest manifest = (await places.Content.FindManifestAsync(Name, Tag.Parse("1.0"), Cancellation))!;
        await ConvertedLayout.CheckAsync(places.Content, Name, manifest);
        // By the CID of the name it can be pulled as well.
        Cid cid = (await places.FindCidAsync(Name, Tag.Parse("1.0"), Cancellation))!.Value;
        DagRegistry pulled = await DagRegistry.OpenAsync(cid, places.Blocks, Cancellation);
        RepositoryName anyName = RepositoryName.Parse(DagRegistry.NameOf(cid));
        Assert.Equal(manifest.Digest, (await pulled.FindManifestAsync(anyName, Tag.Parse("1.0"), Cancellation))!.Digest);
        Assert.Null(await places.FindCidAsync(Name, Tag.Parse("other"), Cancellation));
        Assert.Null(await places.FindCidAsync(RepositoryName.Parse("other"), Tag.Parse("1.0"), Cancellation));
        foreach (DagBlock block in dag.Blocks())
        {
            using IMemoryOwner<byte>? found = await places.Blocks.TryReadAsync(block.Cid, Cancellation);
            Assert.True(block.Cid.Hash.Matches(found!.Memory.Span));
        }
        Assert.Null(await places.Blocks.TryReadAsync(Cid.Parse("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"), Cancellation));
    }
}
