using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Transfer;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Sources;

/// <summary>Folders in the form of skopeo's <c>dir:</c>, made by hand from layouts; the interop tests have real ones.</summary>
public sealed class SkopeoFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_image_is_copied_with_its_digest()
    {
        CopyResult layout = await CopyAsync(Fixtures.Archive("docker2010-one.tar"), $"oci:{_folder.File("layout")}");
        string folder = MakeFolder(layout.Images[0].Descriptor.Digest.Encoded);
        foreach (string place in (string[])[folder, "dir:" + folder])
        {
            CopyResult copied = await CopyAsync(place, $"oci:{_folder.File("copied")}");
            Assert.Equal(layout.Images[0].Descriptor.Digest, Assert.Single(copied.Images).Descriptor.Digest);
        }
    }

    [Fact]
    public async Task What_an_index_names_has_files_of_its_own_and_what_is_missing_is_named()
    {
        CopyResult layout = await CopyAsync(Fixtures.Archive("buildx-oci-attest.tar"), $"oci:{_folder.File("layout")}", new CopyOptions { AllPlatforms = true });
        string folder = MakeFolder(layout.Images[0].Descriptor.Digest.Encoded);
        CopyResult copied = await CopyAsync(folder, $"oci:{_folder.File("copied")}", new CopyOptions { AllPlatforms = true });
        Assert.Equal(layout.Images[0].Descriptor.Digest, Assert.Single(copied.Images).Descriptor.Digest);

        string instance = Directory.GetFiles(folder, "*.manifest.json")[0];
        File.Delete(instance);
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(folder, $"oci:{_folder.File("again")}", new CopyOptions { AllPlatforms = true }));
        Assert.Equal(FaultCode.MissingBlob, e.Faults[0].Code);
        Assert.Contains(Path.GetFileName(instance)[..64], e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("again")));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"mediaType\":7}")]
    public async Task A_broken_manifest_is_refused(string manifest)
    {
        Directory.CreateDirectory(_folder.File("broken"));
        File.WriteAllText(_folder.File("broken/version"), "Directory Transport Version: 1.1\n");
        File.WriteAllText(_folder.File("broken/manifest.json"), manifest);
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => CopyAsync($"dir:{_folder.File("broken")}", $"oci:{_folder.File("copied")}"));
        Assert.Equal(FaultCode.BadManifest, e.Faults[0].Code);
    }

    [Fact]
    public async Task It_is_nothing_without_a_manifest()
    {
        Directory.CreateDirectory(_folder.File("empty"));
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => CopyAsync($"dir:{_folder.File("empty")}", $"oci:{_folder.File("copied")}"));
        Assert.Equal(FaultCode.MissingManifest, e.Faults[0].Code);
    }

    [Fact]
    public async Task Verification_finds_what_is_wrong_with_it_and_repairs_it()
    {
        CopyResult layout = await CopyAsync(Fixtures.Archive("docker2010-one.tar"), $"oci:{_folder.File("layout")}");
        Digest root = layout.Images[0].Descriptor.Digest;
        string folder = MakeFolder(root.Encoded);
        Assert.Empty((await VerifyAsync(folder, new VerificationOptions { Digest = root })).Findings);

        string layer = Directory.GetFiles(folder).Where(file => Path.GetFileName(file).Length == 64).MaxBy(file => new FileInfo(file).Length)!;
        byte[] bytes = File.ReadAllBytes(layer);
        bytes[^1] ^= 1;
        File.WriteAllBytes(layer, bytes);
        File.WriteAllText(Path.Combine(folder, "notes"), "mine");
        File.WriteAllText(Path.Combine(folder, Digest.OfContent(DigestAlgorithm.Sha256, "unused"u8).Encoded), "unused");
        FaultCode[] codes = [.. (await VerifyAsync(folder)).Findings.Select(finding => finding.Code)];
        Assert.Contains(FaultCode.DigestMismatch, codes);
        Assert.Contains(FaultCode.StrayFile, codes);
        Assert.Contains(FaultCode.OrphanBlob, codes);

        await Verifier.RepairAsync(folder, TargetForm.SkopeoFolder, [_folder.File("layout")], new VerificationOptions(), null, Cancellation);
        Assert.True((await VerifyAsync(folder)).IsSound(strict: false));
        File.Delete(Path.Combine(folder, "manifest.json"));
        Assert.Contains((await VerifyAsync(folder, form: TargetForm.SkopeoFolder)).Findings, finding => finding.Code == FaultCode.MissingManifest);
    }

    private static Task<VerificationReport> VerifyAsync(string folder, VerificationOptions? options = null, TargetForm form = TargetForm.Any) =>
        Verifier.VerifyAsync(VerificationTarget.OfPath(folder, form), options ?? new VerificationOptions(), null, Cancellation);

    // Every blob of the layout, and every document as a manifest besides: more than skopeo writes, which does no harm.
    private string MakeFolder(string root)
    {
        string folder = _folder.File("dir");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "version"), "Directory Transport Version: 1.1\n");
        foreach (string blob in Directory.GetFiles(Path.Combine(_folder.File("layout"), "blobs", "sha256")))
        {
            string name = Path.GetFileName(blob);
            bool isDocument = File.ReadAllBytes(blob) is [(byte)'{', ..];
            File.Copy(blob, Path.Combine(folder, name == root ? "manifest.json" : isDocument && File.ReadAllText(blob).Contains("\"schemaVersion\"", StringComparison.Ordinal) ? name + ".manifest.json" : name));
        }
        return folder;
    }

    private async Task<CopyResult> CopyAsync(string from, string to, CopyOptions? options = null)
    {
        PlaceOptions places = new() { StoreHome = _folder.File("store") };
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse(to), places, Cancellation);
        await using IImageSource source = await Places.OpenSourceAsync(ImagePlace.Parse(from), places, Cancellation);
        return await ImageCopier.CopyAsync(source, destination, options ?? new CopyOptions(), cancellationToken: Cancellation);
    }
}
