using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Tests.Conversion;

/// <summary>What each option does to the output, and what it leaves alone.</summary>
public sealed class ConversionOptionsTests : IDisposable
{
    private readonly ConvertingSample _sample = new();

    [Theory]
    [InlineData("io.github.containers.zstd-chunked.manifest-position")]
    [InlineData("io.containers.zstd-chunked.manifest-position")]
    [InlineData("io.containers.estargz.uncompressed-size")]
    [InlineData("containerd.io/snapshot/stargz/toc.digest")]
    public async Task What_is_said_of_the_bytes_of_a_layer_goes_with_them(string key)
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "text");
        List<(string Name, byte[] Body)> blobs = image.OciBlobs();
        JsonObject document = JsonNode.Parse(blobs[^1].Body)!.AsObject();
        document["layers"]![0]!["annotations"] = new JsonObject { [key] = "1", ["kept"] = "2" };
        byte[] manifest = SampleImage.Json(document), index = SampleImage.Index(SampleImage.Descriptor("application/vnd.oci.image.manifest.v1+json", manifest));
        List<(string, byte[])> members = SampleImage.OciMembers([.. blobs[..^1], (SampleImage.BlobName(manifest), manifest)], index);
        foreach ((LayerCompression compression, bool stays) in new[] { (LayerCompression.Preserve, true), (LayerCompression.Zstd, false) })
        {
            ConversionResult result = await _sample.ConvertAsync(members, new ConversionOptions { Compression = compression });
            Annotations annotations = Assert.Single(result.Images[0].Layers).Descriptor.Annotations!;
            Assert.Equal((stays, true), (annotations.ContainsKey(key), annotations.ContainsKey("kept")));
        }
    }

    [Theory]
    [InlineData("\"layers\":null")]
    [InlineData("\"x\":1")]
    public async Task A_manifest_without_a_list_of_layers_gets_one(string member)
    {
        SampleImage image = await SampleImage.CreateAsync("amd64");
        List<(string Name, byte[] Body)> blobs = image.OciBlobs();
        byte[] manifest = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(blobs[^1].Body).Replace("\"layers\":[]", member, StringComparison.Ordinal));
        byte[] index = SampleImage.Index(SampleImage.Descriptor("application/vnd.oci.image.manifest.v1+json", manifest));
        ConversionResult result = await _sample.ConvertAsync(SampleImage.OciMembers([.. blobs[..^1], (SampleImage.BlobName(manifest), manifest)], index));
        Assert.Equal(image.Id, result.Images[0].ImageId);
        Assert.Contains("\"layers\":[]", Encoding.UTF8.GetString(_sample.Blob(result.Images[0].Manifest)), StringComparison.Ordinal);
        Assert.Equal(FaultCode.BadManifest, Assert.Single(result.Warnings).Code);
    }

    [Theory]
    [InlineData(LayerCompression.Auto, CompressionFormat.Gzip, "application/vnd.oci.image.layer.v1.tar+gzip")]
    [InlineData(LayerCompression.Preserve, CompressionFormat.None, "application/vnd.oci.image.layer.v1.tar")]
    [InlineData(LayerCompression.Gzip, CompressionFormat.Gzip, "application/vnd.oci.image.layer.v1.tar+gzip")]
    [InlineData(LayerCompression.Zstd, CompressionFormat.Zstd, "application/vnd.oci.image.layer.v1.tar+zstd")]
    [InlineData(LayerCompression.None, CompressionFormat.None, "application/vnd.oci.image.layer.v1.tar")]
    public async Task A_plain_layer_becomes_what_the_option_says(LayerCompression compression, CompressionFormat format, string mediaType)
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "one", "two");
        ConversionResult result = await _sample.ConvertAsync(image.DockerMembers("app:1"), new ConversionOptions { Compression = compression });
        foreach ((ConvertedLayer layer, int i) in Assert.Single(result.Images).Layers.Select((layer, i) => (layer, i)))
        {
            Assert.Equal(mediaType, layer.Descriptor.MediaType.ToString());
            Assert.Equal(image.DiffIds[i], layer.DiffId);
            Assert.Equal(image.Layers[i], await PlainAsync(_sample.Blob(layer.Descriptor), format));
        }
    }

    [Theory]
    [InlineData(LayerCompression.Auto, true)]
    [InlineData(LayerCompression.Preserve, true)]
    [InlineData(LayerCompression.Gzip, true)]
    [InlineData(LayerCompression.Zstd, false)]
    [InlineData(LayerCompression.None, false)]
    public async Task A_gzip_layer_keeps_its_bytes_unless_another_compression_is_asked_for(LayerCompression compression, bool kept)
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "one");
        byte[] index = SampleImage.Index(image.ManifestDescriptor());
        ConversionResult result = await _sample.ConvertAsync(SampleImage.OciMembers(image.OciBlobs(), index), new ConversionOptions { Compression = compression });
        ConvertedImage converted = Assert.Single(result.Images);
        Assert.Equal(kept, _sample.Blob(converted.Layers[0].Descriptor).AsSpan().SequenceEqual(image.OciBlobs()[0].Body));
        Assert.Equal(kept, converted.Manifest.Digest.ToString() == image.ManifestDescriptor()["digest"]!.GetValue<string>());
        Assert.Equal(image.Id, converted.ImageId);
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha512")]
    [InlineData("blake3")]
    public async Task All_digests_have_the_algorithm_that_was_asked_for_but_the_config_keeps_its_bytes(string algorithm)
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "one");
        DigestAlgorithm wanted = algorithm switch { "sha512" => DigestAlgorithm.Sha512, "blake3" => DigestAlgorithm.Blake3, _ => DigestAlgorithm.Sha256 };
        ConvertedImage converted = Assert.Single((await _sample.ConvertAsync(image.DockerMembers("app:1"), new ConversionOptions { Digest = wanted })).Images);
        foreach (Descriptor descriptor in (Descriptor[])[converted.Manifest, converted.Config, converted.Layers[0].Descriptor])
        {
            Assert.Equal(wanted, descriptor.Digest.Algorithm);
            Assert.Equal(descriptor.Digest, Digest.OfContent(wanted, _sample.Blob(descriptor)));
        }
        Assert.Equal(image.Config, _sample.Blob(converted.Config));
        Assert.Equal(image.Id, converted.ImageId);
    }

    [Fact]
    public async Task Docker_media_types_are_used_throughout()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "one");
        ConvertedImage converted = Assert.Single((await _sample.ConvertAsync(image.DockerMembers("app:1"), new ConversionOptions { MediaTypes = MediaTypeFamily.Docker })).Images);
        Assert.Equal(MediaType.DockerManifest, converted.Manifest.MediaType);
        Assert.Equal(MediaType.DockerConfig, converted.Config.MediaType);
        Assert.Equal("application/vnd.docker.image.rootfs.diff.tar.gzip", converted.Layers[0].Descriptor.MediaType.ToString());
        ImageManifest manifest = Document.ReadManifest(_sample.Blob(converted.Manifest), "manifest");
        Assert.Equal(MediaType.DockerManifest, manifest.MediaType);
    }

    [Fact]
    public async Task A_layer_that_two_images_share_is_one_blob()
    {
        SampleImage one = await SampleImage.CreateAsync("amd64", "shared", "one"), two = await SampleImage.CreateAsync("amd64", "shared", "two");
        List<(string Name, byte[] Body)> members = [.. one.DockerMembers("one:1").SkipLast(1), .. two.DockerMembers("two:1").SkipLast(1)];
        members.Add(("manifest.json", SampleImage.Json(new JsonArray(one.DockerEntry("one:1"), two.DockerEntry("two:1", "two:latest")))));
        ConversionResult result = await _sample.ConvertAsync(members.DistinctBy(member => member.Name));
        Assert.Equal([one.Id, two.Id], result.Images.Select(image => image.ImageId));
        Assert.Equal(["two:1", "two:latest"], result.Images[1].Names);
        Assert.Equal(result.Images[0].Layers[0].Descriptor, result.Images[1].Layers[0].Descriptor);
        Assert.Equal(3 + 2 + 2, Directory.GetFiles(Path.Combine(_sample.Output, "blobs", "sha256")).Length);
    }

    [Fact]
    public async Task Platforms_choose_among_the_images_of_an_index()
    {
        SampleImage amd = await SampleImage.CreateAsync("amd64", "one"), arm = await SampleImage.CreateAsync("arm64", "one");
        byte[] inner = SampleImage.Index(amd.ManifestDescriptor(), arm.ManifestDescriptor());
        byte[] index = SampleImage.Index(SampleImage.Descriptor("application/vnd.oci.image.index.v1+json", inner));
        List<(string, byte[])> members = SampleImage.OciMembers(amd.OciBlobs().Concat(arm.OciBlobs()).Append((SampleImage.BlobName(inner), inner)).DistinctBy(blob => blob.Item1), index);
        ConversionResult result = await _sample.ConvertAsync(members, new ConversionOptions { Platforms = [Platform.Parse("linux/arm64")] });
        Assert.Equal(arm.Id, Assert.Single(result.Images).ImageId);

        using ConvertingSample another = new();
        Fault fault = Assert.Single(await another.RefuseAsync(members, new ConversionOptions { Platforms = [Platform.Parse("linux/s390x")] }));
        Assert.Equal(FaultCode.NoPlatform, fault.Code);
        Assert.Equal("linux/amd64, linux/arm64", fault.Actual);
    }

    [Fact]
    public async Task Tags_replace_the_names_of_the_only_image()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "one");
        ConversionOptions options = new() { Tags = [ImageReference.Parse("example.com/new:2"), ImageReference.Parse("new")] };
        ConversionResult result = await _sample.ConvertAsync(image.DockerMembers("app:1"), options);
        Assert.Equal(["example.com/new:2", "new"], Assert.Single(result.Images).Names);
        Assert.Equal(["docker.io/library/new", "example.com/new:2"], _sample.Index.Manifests.Select(entry => entry.Annotations![Annotations.ContainerdImageName]));
    }

    [Fact]
    public async Task Tags_cannot_name_two_images()
    {
        SampleImage one = await SampleImage.CreateAsync("amd64", "one"), two = await SampleImage.CreateAsync("amd64", "two");
        List<(string, byte[])> members = [.. one.DockerMembers().SkipLast(1), .. two.DockerMembers().SkipLast(1), ("manifest.json", SampleImage.Json(new JsonArray(one.DockerEntry(), two.DockerEntry())))];
        Assert.Equal(FaultCode.NameConflict, Assert.Single(await _sample.RefuseAsync(members, new ConversionOptions { Tags = [ImageReference.Parse("new")] })).Code);
    }

    public void Dispose() => _sample.Dispose();

    private static async Task<byte[]> PlainAsync(byte[] blob, CompressionFormat format)
    {
        using MemoryStream stored = new(blob), plain = new();
        if (format == CompressionFormat.None)
            return blob;
        await using Stream decoder = format == CompressionFormat.Gzip ? new GZipStream(stored, CompressionMode.Decompress) : new ZstdSharp.DecompressionStream(stored);
        await decoder.CopyToAsync(plain, TestContext.Current.CancellationToken);
        return plain.ToArray();
    }
}
