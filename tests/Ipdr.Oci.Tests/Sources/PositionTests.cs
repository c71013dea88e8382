using System.Formats.Tar;
using System.Text.Json;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Transfer;

namespace Ipdr.Oci.Tests.Sources;

/// <summary>Images that are named by where they stand in an archive or layout, counted from 0.</summary>
public sealed class PositionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("docker2010-multiimage.tar")]
    [InlineData("docker2010-multitag.tar")]
    [InlineData("docker2010-by-id.tar")]
    [InlineData("docker26-multi.tar")]
    [InlineData("docker28c-two.tar")]
    [InlineData("podman43-multi.tar")]
    public async Task Of_a_docker_archive_it_is_the_position_in_its_manifest(string archive)
    {
        string[] configs = ConfigsOf(Fixtures.Archive(archive));
        for (int i = 0; i < configs.Length; i++)
        {
            InspectionResult seen = await InspectAsync($"docker-archive:{Fixtures.Archive(archive)}:@{i}");
            Assert.Equal(configs[i], Assert.Single(seen.Images).Manifest.ImageId?.Encoded);
        }
        Fault beyond = (await Assert.ThrowsAsync<IpdrException>(() => InspectAsync($"docker-archive:{Fixtures.Archive(archive)}:@{configs.Length}"))).Fault;
        Assert.Equal((FaultCode.NotFound, $"They are counted from @0 to @{configs.Length - 1}."), (beyond.Code, beyond.Remedy));
    }

    [Theory]
    [InlineData("oci:")]
    [InlineData("oci-archive:")]
    public async Task Of_a_layout_it_is_the_position_in_its_index(string form)
    {
        string place = form + _folder.File("to");
        await PlaceCopier.CopyAsync([ImagePlace.Parse(Fixtures.Archive("docker2010-multiimage.tar"))], ImagePlace.Parse(place), Options, new CopyOptions(), Cancellation);
        IReadOnlyList<InspectedImage> all = (await InspectAsync(place)).Images;
        Assert.Equal(3, all.Count);
        for (int i = 0; i < all.Count; i++)
            Assert.Equal(all[i].Manifest.Descriptor, Assert.Single((await InspectAsync($"{place}:@{i}")).Images).Manifest.Descriptor);
    }

    [Fact]
    public async Task A_label_that_is_written_so_goes_before_and_none_is_made()
    {
        await PlaceCopier.CopyAsync([ImagePlace.Parse(Fixtures.Archive("docker2010-multiimage.tar"))], ImagePlace.Parse($"oci:{_folder.File("to")}"), Options, new CopyOptions(), Cancellation);
        string index = _folder.File("to/index.json");
        ImageIndex document = Document.ReadIndex(await File.ReadAllBytesAsync(index, Cancellation), index);
        Descriptor last = document.Manifests[^1] with { Annotations = new Annotations([new(Annotations.RefName, "@0")]) };
        await File.WriteAllBytesAsync(index, Document.Write(document with { Manifests = [.. document.Manifests.SkipLast(1), last] }).ToArray(), Cancellation);
        Assert.Equal(last.Digest, Assert.Single((await InspectAsync($"oci:{_folder.File("to")}:@0")).Images).Manifest.Descriptor.Digest);

        foreach (string place in (string[])["oci:", "oci-archive:", "docker-archive:"])
        {
            Fault refused = (await Assert.ThrowsAsync<IpdrException>(() => PlaceCopier.CopyAsync(
                [ImagePlace.Parse(Fixtures.Archive("docker2010-one.tar"))], ImagePlace.Parse($"{place}{_folder.File("new")}:@1"), Options, new CopyOptions(), Cancellation))).Fault;
            Assert.Equal(FaultCode.BadReference, refused.Code);
        }
        Assert.False(Path.Exists(_folder.File("new")));
    }

    private PlaceOptions Options => new() { StoreHome = _folder.File("store") };

    private async Task<InspectionResult> InspectAsync(string place)
    {
        await using IImageSource source = await Places.OpenSourceAsync(ImagePlace.Parse(place), Options, Cancellation);
        return await ImageInspector.InspectAsync(source, cancellationToken: Cancellation);
    }

    // The image IDs in the order of manifest.json; the config is called ID.json, or blobs/sha256/ID.
    private static string[] ConfigsOf(string archive)
    {
        using FileStream file = File.OpenRead(archive);
        using TarReader reader = new(file);
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.Name != "manifest.json")
                continue;
            using JsonDocument document = JsonDocument.Parse(entry.DataStream!);
            return [.. document.RootElement.EnumerateArray().Select(image => Path.GetFileNameWithoutExtension(image.GetProperty("Config").GetString()!))];
        }
        throw new InvalidDataException("the archive has no manifest.json");
    }
}
