using Ipdr.Oci.Conversion;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Files;

namespace Ipdr.Oci.Tests.Registries;

/// <summary>Layouts on disk are a registry as they are.</summary>
public sealed class LayoutRegistryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(LayoutKind.Oci, DigestAlgorithm.Sha256)]
    [InlineData(LayoutKind.RegistryV2, DigestAlgorithm.Sha256)]
    [InlineData(LayoutKind.Universal, DigestAlgorithm.Sha256)]
    [InlineData(LayoutKind.Oci, DigestAlgorithm.Sha512)]
    [InlineData(LayoutKind.RegistryV2, DigestAlgorithm.Blake3)]
    public async Task Every_tag_manifest_and_blob_of_a_converted_archive_is_served(LayoutKind kind, DigestAlgorithm algorithm)
    {
        LayoutRegistry registry = LayoutRegistry.Open([await ConvertAsync("docker2010-multiimage.tar", kind, algorithm)]);
        IReadOnlyList<RepositoryName> names = await registry.ListRepositoriesAsync("", 100, Cancellation);
        Assert.NotEmpty(names);
        foreach (RepositoryName name in names)
        {
            IReadOnlyList<Tag>? tags = await registry.ListTagsAsync(name, "", 100, Cancellation);
            Assert.NotEmpty(tags!);
            foreach (Tag tag in tags!)
                await CheckAsync(registry, name, (await registry.FindManifestAsync(name, tag, Cancellation))!);
        }
    }

    [Fact]
    public async Task Both_forms_of_one_image_are_the_same_registry()
    {
        LayoutRegistry oci = LayoutRegistry.Open([await ConvertAsync("docker2010-one.tar", LayoutKind.Oci)]);
        LayoutRegistry v2 = LayoutRegistry.Open([await ConvertAsync("docker2010-one.tar", LayoutKind.RegistryV2)]);
        RepositoryName name = RepositoryName.Parse("fixture/one");
        RegistryManifest? one = await oci.FindManifestAsync(name, Tag.Parse("1.0"), Cancellation), other = await v2.FindManifestAsync(name, Tag.Parse("1.0"), Cancellation);
        Assert.Equal(one!.Digest, other!.Digest);
        Assert.Equal(one.Content.ToArray(), other.Content.ToArray());
        Assert.Equal(one.MediaType, other.MediaType);
    }

    [Fact]
    public async Task Several_layouts_are_one_registry()
    {
        LayoutRegistry registry = LayoutRegistry.Open([await ConvertAsync("docker2010-one.tar", LayoutKind.Oci), await ConvertAsync("docker28-dup.tar", LayoutKind.RegistryV2)]);
        Assert.Equal(2, (await registry.ListRepositoriesAsync("", 100, Cancellation)).Count);
        Assert.Single(await registry.ListRepositoriesAsync("", 1, Cancellation));
    }

    [Fact]
    public async Task What_is_not_there_is_not_there()
    {
        LayoutRegistry registry = LayoutRegistry.Open([await ConvertAsync("docker2010-one.tar", LayoutKind.Oci)]);
        RepositoryName name = RepositoryName.Parse("fixture/one"), unknown = RepositoryName.Parse("unknown");
        Digest digest = Digest.OfContent(DigestAlgorithm.Sha256, []);
        Assert.Null(await registry.FindManifestAsync(name, Tag.Parse("2.0"), Cancellation));
        Assert.Null(await registry.FindManifestAsync(name, digest, Cancellation));
        Assert.Null(await registry.FindBlobAsync(name, digest, Cancellation));
        Assert.Null(await registry.ListTagsAsync(unknown, "", 10, Cancellation));
        Assert.Empty(await registry.ListReferrersAsync(unknown, digest, null, "", 10, Cancellation));
    }

    [Fact]
    public async Task A_manifest_that_was_changed_is_refused()
    {
        string layout = await ConvertAsync("docker2010-one.tar", LayoutKind.RegistryV2);
        string manifest = Directory.EnumerateFiles(layout, "sha256:*", SearchOption.AllDirectories).Single(path => path.Contains("/manifests/", StringComparison.Ordinal));
        byte[] bytes = await File.ReadAllBytesAsync(manifest, Cancellation);
        File.Delete(manifest);
        bytes[^3] ^= 1;
        await File.WriteAllBytesAsync(manifest, bytes, Cancellation);
        Assert.Throws<DigestMismatchException>(() => LayoutRegistry.Open([layout]));
    }

    [Fact]
    public void What_is_no_layout_is_refused()
    {
        Assert.Equal(FaultCode.BadDestination, Assert.Throws<IpdrException>(() => LayoutRegistry.Open([_folder.Path])).Fault.Code);
        Assert.Equal(FaultCode.BadDestination, Assert.Throws<IpdrException>(() => LayoutRegistry.Open([_folder.File("absent")])).Fault.Code);
        Assert.Equal(FaultCode.BadDestination, Assert.Throws<IpdrException>(() => LayoutRegistry.Open([Fixtures.Archive("docker2010-one.tar")])).Fault.Code);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task CheckAsync(LayoutRegistry registry, RepositoryName name, RegistryManifest manifest)
    {
        Assert.Equal(manifest.Digest, Digest.OfContent(manifest.Digest.Algorithm, manifest.Content.Span));
        ManifestSummary summary = ManifestSummary.Read(manifest.Content, manifest.MediaType, "");
        foreach (Descriptor blob in summary.NeededBlobs)
        {
            RegistryBlob? found = await registry.FindBlobAsync(name, blob.Digest, Cancellation);
            Assert.Equal(blob.Size, found!.Size);
            Assert.Equal(blob.Digest, Digest.OfContent(blob.Digest.Algorithm, await File.ReadAllBytesAsync(Assert.IsType<FileBlob>(found).Path, Cancellation)));
        }
        foreach (Descriptor child in summary.Manifests)
            await CheckAsync(registry, name, (await registry.FindManifestAsync(name, child.Digest, Cancellation))!);
    }

    private async Task<string> ConvertAsync(string archive, LayoutKind kind, DigestAlgorithm algorithm = DigestAlgorithm.Sha256)
    {
        string output = _folder.File($"{archive}-{kind}".ToLowerInvariant());
        await using ArchiveInput input = ArchiveInput.OfFile(Fixtures.Archive(archive));
        await Converter.ConvertAsync(input, output, new ConversionOptions { Layout = kind, Digest = algorithm }, null, Cancellation);
        return output;
    }
}
