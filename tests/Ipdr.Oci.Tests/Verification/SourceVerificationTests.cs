using System.Text.Json.Nodes;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Tests.Distribution;
using Ipdr.Oci.Transfer;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>An image of a registry, checked as one in a folder is, while it comes.</summary>
public sealed class SourceVerificationTests : RegistryTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sound_image_shows_nothing_and_all_its_bytes_are_read(bool quick)
    {
        SampleLayout layout = Push(SampleLayout.Oci());
        VerificationReport report = await VerifyAsync(new VerificationOptions { Quick = quick });
        Assert.Empty(report.Findings);
        byte[][] blobs = [.. layout.Files.Where(file => file.Key.StartsWith("blobs/", StringComparison.Ordinal)).Select(file => file.Value)];
        Assert.Equal((blobs.Length, blobs.Sum(blob => (long)blob.Length)), (report.Blobs, report.Bytes));
    }

    [Fact]
    public async Task An_index_is_followed_and_a_platform_that_is_not_there_is_a_warning()
    {
        SampleImage other = new() { Architecture = "arm64", Tag = null };
        SampleLayout layout = Push(SampleLayout.Oci([new SampleImage { Tag = null }, other]), whole: true);
        Assert.Empty((await VerifyAsync()).Findings);
        string manifest = JsonNode.Parse(layout.Files["index.json"])!["manifests"]![1]!["digest"]!.GetValue<string>();
        Assert.True(Registry.Manifests.TryRemove(manifest, out _));
        Assert.Equal([FaultCode.PartialIndex], CodesOf(await VerifyAsync()));
    }

    [Theory]
    [InlineData("flip", FaultCode.DigestMismatch)]
    [InlineData("cut", FaultCode.SizeMismatch)]
    [InlineData("longer", FaultCode.SizeMismatch)]
    [InlineData("endless", FaultCode.SizeMismatch)]
    [InlineData("absent", FaultCode.MissingBlob)]
    [InlineData("page", FaultCode.BadAnswer)]
    [InlineData("broken off", FaultCode.RegistryUnreachable)]
    [InlineData("failing", FaultCode.RegistryFailed)]
    public async Task A_blob_that_is_not_what_it_should_be_is_found(string how, FaultCode code)
    {
        SampleLayout layout = Push(SampleLayout.Oci());
        foreach (string path in (string[])[layout.LayerPath(0), layout.ConfigPath])
        {
            byte[] content = layout.Files[path];
            Registry.Intercept = request => request.Path.EndsWith(path.Split('/')[^1], StringComparison.Ordinal) ? Answer(how, content) : null;
            VerificationReport report = await VerifyAsync();
            Finding finding = Assert.Single(report.Findings);
            Assert.Equal((code, path, false), (finding.Code, finding.Place.File, report.IsSound()));
            Assert.Equal(finding.Place.ToString(), finding.Fault.Where);
        }
    }

    [Fact]
    public async Task A_manifest_that_is_another_than_was_asked_for_is_found()
    {
        SampleLayout layout = Push(SampleLayout.Oci([new SampleImage { Tag = null }, new SampleImage { Architecture = "arm64", Tag = null }]), whole: true);
        string manifest = JsonNode.Parse(layout.Files["index.json"])!["manifests"]![1]!["digest"]!.GetValue<string>();
        (string type, byte[] content) = Registry.Manifests[manifest];
        Registry.Manifests[manifest] = (type, [.. content[..^1], (byte)' ', (byte)'}']);
        Assert.Equal([FaultCode.DigestMismatch], CodesOf(await VerifyAsync()));
    }

    [Fact]
    public async Task A_manifest_that_does_not_have_the_digest_that_its_answer_states_is_found()
    {
        SampleLayout layout = Push(SampleLayout.Oci());
        byte[] content = layout.Files[layout.ManifestPath];
        Registry.Intercept = request => request.Path.EndsWith("manifests/1.0", StringComparison.Ordinal)
            ? new FakeAnswer(200, content, $"Content-Type: {MediaType.OciManifest}", $"Docker-Content-Digest: {Digest.OfContent(DigestAlgorithm.Sha256, [])}")
            : null;
        Assert.Equal([FaultCode.DigestMismatch], CodesOf(await VerifyAsync()));
    }

    [Fact]
    public async Task A_descriptor_that_is_wrong_about_a_size_is_told_and_what_it_leads_to_is_checked_all_the_same()
    {
        SampleLayout layout = SampleLayout.Oci([new SampleImage { Tag = null }], (_, index) => index["manifests"]![0]!["size"] = 7);
        Push(layout, whole: true);
        Registry.Blobs.TryRemove(SampleLayout.DigestOf(layout.Files[layout.LayerPath(0)]), out _);
        Assert.Equal([FaultCode.SizeMismatch, FaultCode.MissingBlob], CodesOf(await VerifyAsync()));
    }

    [Fact]
    public async Task What_is_in_layers_is_looked_at()
    {
        Push(SampleLayout.Oci(image => image.Layers.Add(SampleLayer.Of(tar => tar.Header("dev/sda", '3')))));
        Assert.Equal([FaultCode.DeviceNode], CodesOf(await VerifyAsync()));
        Push(SampleLayout.Oci(image => image.ChangeConfig = config => config["rootfs"]!["diff_ids"]![0] = $"sha256:{new string('0', 64)}"));
        Assert.Equal([FaultCode.DigestMismatch], CodesOf(await VerifyAsync()));
    }

    [Fact]
    public async Task The_digest_that_is_asked_for_is_held_against_the_image()
    {
        SampleLayout layout = Push(SampleLayout.Oci());
        Assert.Empty((await VerifyAsync(new VerificationOptions { Digest = Digest.Parse(SampleLayout.DigestOf(layout.Files[layout.ManifestPath])) })).Findings);
        Assert.Equal([FaultCode.DigestMismatch], CodesOf(await VerifyAsync(new VerificationOptions { Digest = Digest.OfContent(DigestAlgorithm.Sha256, []) })));
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_not_found() => Assert.Equal([FaultCode.NotFound], CodesOf(await VerifyAsync()));

    [Fact]
    public async Task A_tag_of_several_that_leads_to_nothing_is_a_finding_and_the_others_are_checked()
    {
        SampleLayout layout = Push(SampleLayout.Oci());
        Registry.Intercept = request => request.Path.EndsWith("/tags/list", StringComparison.Ordinal) ? new FakeAnswer(200, """{"tags":["0.9","1.0"]}""", "Content-Type: application/json") : null;
        Registry.Blobs.TryRemove(SampleLayout.DigestOf(layout.Files[layout.LayerPath(0)]), out _);
        VerificationTarget target = VerificationTarget.OfSource(token => Places.OpenSourceAsync(ImagePlace.Parse($"docker://{Registry.Authority}/app:*"), new PlaceOptions { Registries = Quick }, token), "app");
        VerificationReport report = await Verifier.VerifyAsync(target, cancellationToken: Cancellation);
        Assert.Equal([FaultCode.NotFound, FaultCode.MissingBlob], CodesOf(report));
        Assert.Equal($"{Registry.Authority}/app:0.9", report.Findings[0].Place.File);
    }

    [Fact]
    public async Task An_export_that_is_not_sent_is_a_finding_and_one_that_is_sent_an_archive()
    {
        VerificationTarget refused = VerificationTarget.OfExport(_ => throw new IpdrException(new Fault(FaultCode.EngineUnreachable, "no engine", "")), "docker-daemon:app");
        Assert.Equal([FaultCode.EngineUnreachable], CodesOf(await Verifier.VerifyAsync(refused, cancellationToken: Cancellation)));
        using TemporaryFolder folder = new();
        VerificationTarget sent = VerificationTarget.OfExport(_ => Task.FromResult<Stream>(File.OpenRead(SampleLayout.Docker().WriteArchive(folder))), "docker-daemon:app");
        VerificationReport report = await Verifier.VerifyAsync(sent, cancellationToken: Cancellation);
        Assert.Equal([], CodesOf(report));
        Assert.Equal("docker-daemon:app", report.Target);
    }

    private static FakeAnswer Answer(string how, byte[] content) => how switch
    {
        "flip" => new FakeAnswer(200, [(byte)(content[0] ^ 1), .. content[1..]]),
        "cut" => new FakeAnswer(200, content[..^1]),
        "longer" => new FakeAnswer(200, [.. content, 0]),
        "endless" => FakeAnswer.OfUntoldLength([.. content, .. new byte[1 << 20]]),
        "absent" => new FakeAnswer(404),
        "page" => new FakeAnswer(200, "<html>", "Content-Type: text/html"),
        "broken off" => new FakeAnswer(200, content) { CutAfter = 3 },
        _ => new FakeAnswer(400),
    };

    // The blobs and manifests of a layout, as app:1.0: its first image, or its index as a whole.
    private SampleLayout Push(SampleLayout layout, bool whole = false)
    {
        foreach ((_, byte[] content) in layout.Files.Where(file => file.Key.StartsWith("blobs/", StringComparison.Ordinal)))
        {
            if (content.AsSpan().IndexOf("schemaVersion"u8) >= 0)
                Registry.AddManifest("unnamed", content, MediaType.OciManifest);
            else
                Registry.AddBlob(content);
        }
        if (whole)
            Registry.AddManifest("1.0", layout.Files["index.json"], MediaType.OciIndex);
        else
            Registry.AddManifest("1.0", layout.Files[layout.ManifestPath], MediaType.OciManifest);
        return layout;
    }

    private Task<VerificationReport> VerifyAsync(VerificationOptions? options = null)
    {
        ImagePlace place = ImagePlace.Parse($"docker://{Registry.Authority}/app:1.0");
        PlaceOptions places = new() { Registries = Quick with { MaxAttempts = 2 } };
        return Verifier.VerifyAsync(VerificationTarget.OfSource(token => Places.OpenSourceAsync(place, places, token), place.ToString()), options, cancellationToken: Cancellation);
    }

    private static FaultCode[] CodesOf(VerificationReport report) => [.. report.Findings.Select(finding => finding.Code).Distinct()];
}
