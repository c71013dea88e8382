using Ipdr.Oci.Conversion;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Tests.Conversion;

namespace Ipdr.Oci.Tests.Layouts;

/// <summary>Adding to a layout that is there: what was there stays, names move, and what is no layout is left alone.</summary>
public sealed class AddingTests : IDisposable
{
    private readonly ConvertingSample _sample = new();

    [Fact]
    public async Task What_was_there_stays()
    {
        SampleImage one = await SampleImage.CreateAsync("amd64", "one"), two = await SampleImage.CreateAsync("amd64", "two");
        await _sample.ConvertAsync(one.DockerMembers("one:1"));
        IReadOnlyList<string> before = TemporaryFolder.Listing(_sample.Output);
        await _sample.ConvertAsync(two.DockerMembers("two:1"));
        Assert.Subset(TemporaryFolder.Listing(_sample.Output).ToHashSet(), before.Where(file => !file.StartsWith("index.json", StringComparison.Ordinal)).ToHashSet());
        Assert.Equal(["docker.io/library/one:1", "docker.io/library/two:1"], Names());
    }

    [Fact]
    public async Task Adding_the_same_again_changes_nothing()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "one");
        await _sample.ConvertAsync(image.DockerMembers("one:1", "one:latest"));
        IReadOnlyList<string> before = TemporaryFolder.Listing(_sample.Output);
        await _sample.ConvertAsync(image.DockerMembers("one:latest", "one:1"));
        Assert.Equal(before, TemporaryFolder.Listing(_sample.Output));
    }

    [Fact]
    public void Any_number_of_names_of_one_image_takes_no_longer_than_they_are_many()
    {
        const int Names = 30_000;
        Descriptor manifest = new(MediaType.OciManifest, Digest.OfContent(DigestAlgorithm.Sha256, [1]), 1);
        LayoutRoot[] roots = [.. Enumerable.Range(0, Names).Select(i => new LayoutRoot(manifest, ImageReference.Parse($"host/many:{i}"), null))];
        ImageIndex once = OciLayout.Index(roots);
        Assert.Equal(Names, once.Manifests.Count);
        Assert.Equal(Document.Write(once).ToArray(), Document.Write(OciLayout.Index([.. roots.Reverse()], once)).ToArray());
        Assert.Equal(FaultCode.Limit, Assert.Throws<IpdrException>(() => OciLayout.IndexDocument(roots)).Fault.Code);
    }

    [Fact]
    public void A_name_without_a_tag_goes_beside_an_image_without_a_name()
    {
        Descriptor manifest = new(MediaType.OciManifest, Digest.OfContent(DigestAlgorithm.Sha256, [1]), 1), other = manifest with { Digest = Digest.OfContent(DigestAlgorithm.Sha256, [2]) };
        ImageReference name = ImageReference.Parse($"host/app@{manifest.Digest}");
        ImageIndex index = OciLayout.Index([new LayoutRoot(manifest, name, null)], OciLayout.Index([new LayoutRoot(other, null, null)]));
        Assert.Equal([null, "latest"], index.Manifests.Select(entry => entry.Annotations?.GetValueOrDefault(Annotations.RefName)));
    }

    [Fact]
    public async Task The_order_of_additions_does_not_matter()
    {
        SampleImage one = await SampleImage.CreateAsync("amd64", "one"), two = await SampleImage.CreateAsync("amd64", "two");
        string other = _sample.Output + "-other";
        await _sample.ConvertAsync(one.DockerMembers("one:1"));
        await _sample.ConvertAsync(two.DockerMembers("two:2"));
        await _sample.ConvertAsync(two.DockerMembers("two:2"), output: other);
        await _sample.ConvertAsync(one.DockerMembers("one:1"), output: other);
        Assert.Equal(TemporaryFolder.Listing(_sample.Output), TemporaryFolder.Listing(other));
    }

    [Fact]
    public async Task A_name_moves_to_the_new_image_and_the_old_one_stays_without_it()
    {
        SampleImage old = await SampleImage.CreateAsync("amd64", "old"), later = await SampleImage.CreateAsync("amd64", "new");
        ConversionResult first = await _sample.ConvertAsync(old.DockerMembers("app:1"));
        ConversionResult second = await _sample.ConvertAsync(later.DockerMembers("app:1"));
        Assert.Equal(second.Images[0].Manifest.Digest, _sample.Index.Manifests.Single(entry => entry.Annotations is not null).Digest);
        Assert.Equal(first.Images[0].Manifest.Digest, _sample.Index.Manifests.Single(entry => entry.Annotations is null).Digest);
    }

    [Fact]
    public async Task Two_repositories_with_one_tag_are_told_apart_by_their_full_names()
    {
        SampleImage one = await SampleImage.CreateAsync("amd64", "one"), two = await SampleImage.CreateAsync("amd64", "two");
        await _sample.ConvertAsync(one.DockerMembers("one:1"));
        await _sample.ConvertAsync(two.DockerMembers("two:1"));
        Assert.Equal(["1", "docker.io/library/two:1"], _sample.Index.Manifests.Select(entry => entry.Annotations![Annotations.RefName]).Order());
    }

    [Theory]
    [InlineData(LayoutKind.Oci)]
    [InlineData(LayoutKind.Universal)]
    [InlineData(LayoutKind.RegistryV2)]
    public async Task A_folder_that_is_something_else_is_left_alone(LayoutKind kind)
    {
        Directory.CreateDirectory(_sample.Output);
        await File.WriteAllTextAsync(Path.Combine(_sample.Output, "diary.txt"), "mine", TestContext.Current.CancellationToken);
        SampleImage image = await SampleImage.CreateAsync("amd64", "one");
        IpdrException refusal = await Assert.ThrowsAsync<IpdrException>(() => _sample.ConvertAsync(image.DockerMembers("one:1"), new ConversionOptions { Layout = kind }));
        Assert.Equal(FaultCode.DestinationExists, refusal.Fault.Code);
        Assert.Equal(["diary.txt"], Directory.EnumerateFileSystemEntries(_sample.Output).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_universal_layout_holds_each_byte_once()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", new string('x', 1 << 20));
        await _sample.ConvertAsync(image.DockerMembers("one:1"), new ConversionOptions { Layout = LayoutKind.Universal, Compression = LayerCompression.None });
        string[] files = Directory.GetFiles(_sample.Output, "*", SearchOption.AllDirectories);
        Assert.Contains(Path.Combine(_sample.Output, "manifests", "1"), files);
        Assert.Contains(Path.Combine(_sample.Output, "manifests", "latest"), files);
        Assert.Equal(2, files.Count(file => Path.GetFileName(file).EndsWith(image.DiffIds[0].Encoded, StringComparison.Ordinal)));
        Assert.Equal(5, files.Select(file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))).Distinct().Count());
    }

    public void Dispose() => _sample.Dispose();

    private IEnumerable<string> Names() => _sample.Index.Manifests.Select(entry => entry.Annotations![Annotations.ContainerdImageName]);
}
