using System.Text.Json.Nodes;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tests.Conversion;

/// <summary>Archives that are incomplete, contradict themselves or tell the same image twice.</summary>
public sealed class DisagreementTests : IDisposable
{
    private readonly ConvertingSample _sample = new();

    [Fact]
    public async Task What_is_there_of_a_partial_index_is_converted_and_the_rest_is_listed_by_digest()
    {
        SampleImage amd = await SampleImage.CreateAsync("amd64", "one"), arm = await SampleImage.CreateAsync("arm64", "two");
        byte[] inner = SampleImage.Index(amd.ManifestDescriptor(), arm.ManifestDescriptor());
        byte[] index = SampleImage.Index(SampleImage.Descriptor("application/vnd.oci.image.index.v1+json", inner));
        ConversionResult result = await _sample.ConvertAsync(SampleImage.OciMembers(amd.OciBlobs().Append((SampleImage.BlobName(inner), inner)), index));
        Assert.Equal(amd.Id, Assert.Single(result.Images).ImageId);
        Fault missing = Assert.Single(result.Warnings, warning => warning.Code == FaultCode.PartialIndex);
        Assert.Contains(arm.ManifestDescriptor()["digest"]!.GetValue<string>(), missing.What, StringComparison.Ordinal);
        Assert.Contains("linux/arm64", missing.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_missing_piece_is_named_in_one_refusal()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "one", "two", "three");
        List<(string Name, byte[] Body)> members = image.DockerMembers("app:1");
        IReadOnlyList<Fault> faults = await _sample.RefuseAsync(members.Where((_, i) => i is not (0 or 2)));
        Assert.Equal([FaultCode.MissingLayer, FaultCode.MissingLayer], faults.Select(fault => fault.Code));
        Assert.Contains(image.DiffIds[0].Encoded, faults[0].Where, StringComparison.Ordinal);
        Assert.Contains(image.DiffIds[2].Encoded, faults[1].Where, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sound_view_is_used_and_the_other_reported()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "one", "two");
        List<(string Name, byte[] Body)> hybrid = [.. image.DockerMembers("app:1"), .. SampleImage.OciMembers(image.OciBlobs(), SampleImage.Index(image.ManifestDescriptor()))];
        string layer = image.OciBlobs()[0].Name;
        ConversionResult result = await _sample.ConvertAsync(hybrid.Where(member => member.Name != layer));
        Assert.Equal(image.Id, Assert.Single(result.Images).ImageId);
        Assert.Contains(result.Warnings, warning => warning.Code == FaultCode.ViewsDisagree && warning.What.Contains(Path.GetFileName(layer), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broken_manifest_json_does_not_spoil_a_sound_index()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "one");
        List<(string Name, byte[] Body)> members = SampleImage.OciMembers(image.OciBlobs(), SampleImage.Index(image.ManifestDescriptor()));
        members.Add(("manifest.json", SampleImage.Json(new JsonArray(new JsonObject { ["Config"] = "absent.json", ["Layers"] = new JsonArray("absent.tar") }))));
        ConversionResult result = await _sample.ConvertAsync(members);
        Assert.Equal(image.Id, Assert.Single(result.Images).ImageId);
    }

    [Fact]
    public async Task An_image_that_only_manifest_json_knows_is_converted_too()
    {
        SampleImage tagged = await SampleImage.CreateAsync("amd64", "one"), untagged = await SampleImage.CreateAsync("amd64", "two");
        List<(string Name, byte[] Body)> members =
        [
            .. tagged.DockerMembers().SkipLast(1),
            .. untagged.DockerMembers().SkipLast(1),
            ("manifest.json", SampleImage.Json(new JsonArray(tagged.DockerEntry("app:1"), untagged.DockerEntry()))),
            .. SampleImage.OciMembers(tagged.OciBlobs(), SampleImage.Index(tagged.ManifestDescriptor())),
        ];
        ConversionResult result = await _sample.ConvertAsync(members);
        Assert.Equal(new[] { tagged.Id, untagged.Id }.Select(id => id.ToString()).Order(), result.Images.Select(image => image.ImageId.ToString()).Order());
        Assert.Equal(["app:1"], result.Images.Single(image => image.ImageId == tagged.Id).Names);
    }

    [Fact]
    public async Task The_same_layer_stored_twice_is_fine_and_two_layers_of_one_name_are_not()
    {
        SampleImage image = await SampleImage.CreateAsync("amd64", "one");
        List<(string Name, byte[] Body)> members = image.DockerMembers("app:1");
        Assert.Single((await _sample.ConvertAsync([members[0], .. members], output: _sample.Output + "-twice")).Images);
        byte[] other = await SampleImage.TarAsync([("file", "other"u8.ToArray())]);
        Assert.Contains(await _sample.RefuseAsync([.. members, (members[0].Name, other)]), fault => fault.Code == FaultCode.AmbiguousDuplicate);
    }

    [Theory]
    [InlineData("""[null]""")]
    [InlineData("""[{"Config":"c.json","Layers":[null]}]""")]
    [InlineData("""[{"Config":null,"Layers":[]}]""")]
    [InlineData("""{}""")]
    [InlineData("""[{"Layers":[]}]""")]
    public async Task A_manifest_json_of_another_form_is_refused_by_name(string text)
    {
        Fault fault = Assert.Single(await _sample.RefuseAsync([("manifest.json", System.Text.Encoding.UTF8.GetBytes(text))]));
        Assert.Equal(FaultCode.BadManifest, fault.Code);
        Assert.Contains("manifest.json", fault.Where, StringComparison.Ordinal);
    }

    public void Dispose() => _sample.Dispose();
}
