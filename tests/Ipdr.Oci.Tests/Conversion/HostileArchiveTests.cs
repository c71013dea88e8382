using System.Text.Json.Nodes;
using Ipdr.Oci.Archives;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Conversion;

/// <summary>Small archives that would take all memory or time.</summary>
public sealed class HostileArchiveTests : IDisposable
{
    private const string IndexType = "application/vnd.oci.image.index.v1+json";

    private readonly ConvertingSample _sample = new();
    private readonly TemporaryFolder _folder = new();

    [Fact(Timeout = 60_000)]
    public async Task Indexes_that_name_one_another_a_hundred_times_over_are_converted_once()
    {
        (SampleImage image, List<(string, byte[])> members) = await NestedAsync();
        ConversionResult result = await Task.Run(() => _sample.ConvertAsync(members), TestContext.Current.CancellationToken);
        Assert.Equal(image.Id, Assert.Single(result.Images).ImageId);
    }

    [Fact(Timeout = 60_000)]
    public async Task Indexes_that_name_one_another_a_hundred_times_over_are_verified_once()
    {
        (_, List<(string, byte[])> members) = await NestedAsync();
        string path = _folder.File("nested.tar");
        await File.WriteAllBytesAsync(path, await SampleImage.TarAsync(members), TestContext.Current.CancellationToken);
        VerificationReport report = await Verifier.VerifyAsync(VerificationTarget.OfPath(path), new VerificationOptions(), null, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(report.Findings, finding => finding.Severity == Severity.Error);
    }

    [Fact]
    public async Task Members_of_one_name_count_like_others()
    {
        IReadOnlyList<Fault> faults = await _sample.RefuseAsync(Enumerable.Repeat(("a", Array.Empty<byte>()), 21), With(new ArchiveLimits { MaxMembers = 20 }));
        Assert.Equal(FaultCode.Limit, Assert.Single(faults).Code);
    }

    [Fact]
    public async Task Members_whose_names_leave_the_archive_count_like_others()
    {
        IReadOnlyList<Fault> faults = await _sample.RefuseAsync(Enumerable.Repeat(("../a", Array.Empty<byte>()), 21), With(new ArchiveLimits { MaxMembers = 20 }));
        Assert.Equal(FaultCode.Limit, Assert.Single(faults).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../")]
    public async Task Names_are_bounded_together(string start)
    {
        IEnumerable<(string, byte[])> members = Enumerable.Range(0, 11).Select(i => ($"{start}{i:D100}", Array.Empty<byte>()));
        IReadOnlyList<Fault> faults = await _sample.RefuseAsync(members, With(new ArchiveLimits { MaxNameCharacters = 1000 }));
        Assert.Equal(FaultCode.Limit, Assert.Single(faults).Code);
    }

    [Fact]
    public async Task A_document_that_occurs_again_and_again_is_not_held_for_ever()
    {
        byte[] document = [(byte)'[', .. Enumerable.Repeat((byte)' ', 1000), (byte)']'];
        IReadOnlyList<Fault> faults = await _sample.RefuseAsync(Enumerable.Repeat(("manifest.json", document), 11), With(new ArchiveLimits { MaxDocumentsBytes = 10_000 }));
        Assert.Equal(FaultCode.Limit, Assert.Single(faults).Code);
    }

    [Fact]
    public async Task Blobs_that_are_JSON_too_leave_room_for_manifests()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "one");
        List<(string Name, byte[] Body)> members =
        [
            .. Enumerable.Range(0, 3).Select(i => ($"blobs/statement{i}", SampleImage.Json(new JsonObject { ["statement"] = new string('x', 20_000) }))),
            .. SampleImage.OciMembers(image.OciBlobs(), SampleImage.Index(image.ManifestDescriptor())),
        ];
        ConversionResult result = await _sample.ConvertAsync(members, With(new ArchiveLimits { MaxDocumentsBytes = 50_000 }));
        Assert.Equal(image.Id, Assert.Single(result.Images).ImageId);
    }

    [Fact]
    public async Task A_config_that_many_entries_share_is_looked_at_once()
    {
        const int Names = 50;
        SampleImage image = await SampleImage.CreateAsync("amd64", "one");
        string config = $"{new string('a', 64)}.json";
        JsonObject Entry(int number)
        {
            JsonObject entry = image.DockerEntry($"app:{number}");
            entry["Config"] = config;
            return entry;
        }
        List<(string Name, byte[] Body)> members =
        [
            .. image.DockerMembers().Where(member => member.Name.EndsWith("layer.tar", StringComparison.Ordinal)),
            (config, image.Config),
            ("manifest.json", SampleImage.Json(new JsonArray([.. Enumerable.Range(0, Names).Select(Entry)]))),
        ];
        ConversionResult result = await _sample.ConvertAsync(members);
        Assert.All(result.Images, converted => Assert.Equal(image.Id, converted.ImageId));
        Assert.Equal(Names, result.Images.SelectMany(converted => converted.Names).Distinct().Count());
        Assert.Single(result.Warnings, warning => warning.Code == FaultCode.NameMismatch);
    }

    [Fact]
    public async Task A_layer_that_is_named_twice_must_have_the_size_of_both_descriptors()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "one", "one");
        List<(string Name, byte[] Body)> blobs = image.OciBlobs();
        JsonObject manifest = JsonNode.Parse(blobs[^1].Body)!.AsObject();
        JsonNode second = manifest["layers"]![1]!;
        second["size"] = second["size"]!.GetValue<long>() + 1;
        byte[] changed = SampleImage.Json(manifest);
        IReadOnlyList<Fault> faults = await _sample.RefuseAsync(SampleImage.OciMembers(
            blobs.SkipLast(1).DistinctBy(blob => blob.Name).Append((SampleImage.BlobName(changed), changed)),
            SampleImage.Index(SampleImage.Descriptor("application/vnd.oci.image.manifest.v1+json", changed))));
        Assert.Equal(FaultCode.SizeMismatch, Assert.Single(faults).Code);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _sample.Dispose();
    }

    private static ConversionOptions With(ArchiveLimits limits) => new() { Limits = limits };

    // 100^6 ways lead to one image.
    private static async Task<(SampleImage Image, List<(string, byte[])> Members)> NestedAsync()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "one");
        List<(string Name, byte[] Body)> blobs = image.OciBlobs();
        Func<JsonObject> entry = () => image.ManifestDescriptor();
        for (int depth = 0; depth < 6; depth++)
        {
            byte[] index = SampleImage.Index([.. Enumerable.Range(0, 100).Select(_ => entry())]);
            blobs.Add((SampleImage.BlobName(index), index));
            entry = () => SampleImage.Descriptor(IndexType, index);
        }
        return (image, SampleImage.OciMembers(blobs, SampleImage.Index(entry())));
    }
}
