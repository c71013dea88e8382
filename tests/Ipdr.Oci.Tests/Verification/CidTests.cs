using Ipdr.Oci.Car;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>Layouts held against the CID that they should have, and CARs of layouts.</summary>
public sealed class CidTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Profiles => [.. UnixFsProfile.Known.Select(known => known.Name)];

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task The_profile_of_a_cid_is_found(string profile)
    {
        string layout = SampleLayout.Oci().WriteFolder(_folder);
        Dag dag = await ImportAsync(layout, profile);
        VerificationReport report = await VerifyAsync(layout, new VerificationOptions { Cid = dag.Root });
        Assert.Empty(report.Findings);
        Assert.Contains(report.Root.Children, child => child.Name == dag.Root.ToString());
    }

    [Fact]
    public async Task The_first_path_that_differs_is_told()
    {
        SampleLayout sample = SampleLayout.Oci();
        string layout = sample.WriteFolder(_folder);
        Dag dag = await ImportAsync(layout, "kubo-cid-v1");
        string car = await WriteCarAsync(dag);
        File.AppendAllText(Path.Combine(layout, sample.LayerPath(1)), "x");
        VerificationReport report = await VerifyAsync(layout, new VerificationOptions { Cid = dag.Root, CidBlocks = car });
        Finding mismatch = Assert.Single(report.Findings, finding => finding.Code == FaultCode.CidMismatch);
        Assert.Contains(sample.LayerPath(1), mismatch.Fault.What, StringComparison.Ordinal);
        Assert.Equal(dag.Root.ToString(), mismatch.Fault.Expected);
    }

    [Fact]
    public async Task A_car_of_a_layout_is_verified_down_to_its_layers()
    {
        string sound = SampleLayout.Registry("", SampleLayout.Oci()).WriteFolder(_folder);
        Dag dag = await ImportAsync(sound, "unixfs-v1-2025");
        VerificationReport report = await VerifyAsync(await WriteCarAsync(dag), new VerificationOptions { Cid = dag.Root });
        Assert.Empty(report.Findings);
        Assert.Equal(4, report.Blobs);
    }

    [Fact]
    public async Task A_defect_of_the_image_in_a_car_is_found()
    {
        string broken = SampleLayout.Oci(image => image.ChangeConfig = config => config["rootfs"]!["diff_ids"]![0] = SampleLayout.DigestOf([])).WriteFolder(_folder);
        VerificationReport report = await VerifyAsync(await WriteCarAsync(await ImportAsync(broken, "unixfs-v1-2025")));
        Assert.Equal(FaultCode.DigestMismatch, Assert.Single(report.Findings).Code);
    }

    [Fact]
    public async Task Another_root_than_the_wanted_one_is_told()
    {
        Dag dag = await ImportAsync(SampleLayout.Oci().WriteFolder(_folder), "unixfs-v1-2025");
        Cid other = Cid.Parse("bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354");
        VerificationReport report = await VerifyAsync(await WriteCarAsync(dag), new VerificationOptions { Cid = other });
        Assert.Equal(FaultCode.CidMismatch, Assert.Single(report.Findings).Code);
    }

    [Fact]
    public async Task Any_byte_of_a_car_that_changes_is_an_error()
    {
        string car = await WriteCarAsync(await ImportAsync(SampleLayout.Oci().WriteFolder(_folder), "unixfs-v1-2025"));
        byte[] sound = File.ReadAllBytes(car);
        for (int i = 0; i < sound.Length; i += 37)
        {
            byte[] changed = [.. sound];
            changed[i] ^= 0x10;
            File.WriteAllBytes(car, changed);
            Assert.False((await VerifyAsync(car)).IsSound(), $"byte {i}");
        }
    }

    public void Dispose() => _folder.Dispose();

    private static Task<Dag> ImportAsync(string path, string profile) => UnixFsImporter.ImportAsync(
        path, new ImportOptions { Profile = UnixFsProfile.Known.Single(known => known.Name == profile).Profile, KeepBlocks = true }, TestContext.Current.CancellationToken);

    private async Task<string> WriteCarAsync(Dag dag)
    {
        string path = _folder.File("layout.car");
        await using FileStream file = File.Create(path);
        await CarWriter.WriteAsync(dag, file, cancellationToken: TestContext.Current.CancellationToken);
        return path;
    }

    private static Task<VerificationReport> VerifyAsync(string path, VerificationOptions? options = null) =>
        Verifier.VerifyAsync(VerificationTarget.OfPath(path), options, null, TestContext.Current.CancellationToken);
}
