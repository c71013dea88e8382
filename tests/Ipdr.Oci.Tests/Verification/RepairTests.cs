using Ipdr.Oci.Faults;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>What a layout lacks is taken from other places, and only what is right is put in place.</summary>
public sealed class RepairTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SampleLayout _sample = SampleLayout.Oci();

    [Theory]
    [InlineData("folder")]
    [InlineData("archive")]
    [InlineData("gzip archive")]
    public async Task Missing_and_corrupt_blobs_are_replaced(string form)
    {
        string broken = Broken(layout =>
        {
            layout.Remove(layout.LayerPath(0));
            layout.Damage(layout.LayerPath(1));
            layout.Files[layout.ConfigPath] = [];
        });
        VerificationReport report = await RepairAsync(broken, Place(form));
        Assert.Empty(report.Findings);
        Assert.Equal(3, report.Repaired.Count);
        Assert.Equal(TemporaryFolder.Listing(_sample.WriteFolder(_folder, "sound")), TemporaryFolder.Listing(broken));
    }

    [Fact]
    public async Task A_manifest_that_is_repaired_shows_what_else_is_missing()
    {
        string broken = Broken(layout =>
        {
            layout.Remove(layout.LayerPath(0));
            layout.Remove(layout.ManifestPath);
        });
        VerificationReport report = await RepairAsync(broken, Place("folder"));
        Assert.Empty(report.Findings);
        Assert.Equal(2, report.Repaired.Count);
    }

    [Fact]
    public async Task What_is_not_what_its_name_says_is_not_taken()
    {
        string broken = Broken(layout => layout.Remove(layout.LayerPath(0)));
        SampleLayout liar = SampleLayout.Oci();
        liar.Damage(liar.LayerPath(0));
        VerificationReport report = await RepairAsync(broken, liar.WriteFolder(_folder, "liar"));
        Assert.Empty(report.Repaired);
        Assert.Equal(FaultCode.MissingBlob, Assert.Single(report.Findings).Code);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(broken), entry => Path.GetFileName(entry).StartsWith(".ipdr-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_place_gives_what_it_has()
    {
        string broken = Broken(layout =>
        {
            layout.Remove(layout.LayerPath(0));
            layout.Remove(layout.LayerPath(1));
        });
        SampleLayout one = SampleLayout.Oci(), other = SampleLayout.Oci();
        one.Remove(one.LayerPath(0));
        other.Remove(other.LayerPath(1));
        VerificationReport report = await RepairAsync(broken, one.WriteFolder(_folder, "one"), other.WriteArchive(_folder));
        Assert.Empty(report.Findings);
        Assert.Equal(2, report.Repaired.Select(content => content.From).Distinct().Count());
    }

    [Fact]
    public async Task A_link_in_place_of_a_blob_is_replaced_and_what_it_led_to_is_left_alone()
    {
        string broken = Broken(_ => { }), outside = _folder.File("outside"), blob = Path.Combine(broken, _sample.LayerPath(0));
        File.WriteAllText(outside, "mine");
        File.Delete(blob);
        File.CreateSymbolicLink(blob, outside);
        Assert.Empty((await RepairAsync(broken, Place("folder"))).Findings);
        Assert.Equal("mine", File.ReadAllText(outside));
        Assert.Null(new FileInfo(blob).LinkTarget);
    }

    [Fact]
    public async Task Nothing_is_written_through_a_folder_that_is_a_link()
    {
        string broken = Broken(_ => { }), elsewhere = _folder.File("elsewhere");
        Directory.Move(Path.Combine(broken, "blobs"), elsewhere);
        File.CreateSymbolicLink(Path.Combine(broken, "blobs"), elsewhere);
        string[] before = [.. TemporaryFolder.Listing(elsewhere)];
        IpdrException refusal = await Assert.ThrowsAsync<IpdrException>(() => RepairAsync(broken, Place("folder")));
        Assert.Equal(FaultCode.SymbolicLink, refusal.Fault.Code);
        Assert.Equal(before, TemporaryFolder.Listing(elsewhere));
    }

    [Fact]
    public async Task Both_names_of_a_blob_in_a_universal_layout_are_repaired()
    {
        SampleLayout universal = SampleLayout.Registry("", SampleLayout.Oci());
        string layer = universal.LayerPath(0);
        universal.Remove(layer).Remove("blobs/sha256:" + layer.Split('/')[^1]);
        string broken = universal.WriteFolder(_folder, "universal");
        VerificationReport report = await RepairAsync(broken, Place("archive"));
        Assert.Empty(report.Findings);
        Assert.Equal(2, report.Repaired.Count);
    }

    [Fact]
    public async Task Only_a_folder_can_be_repaired() =>
        Assert.Equal(FaultCode.BadDestination, (await Assert.ThrowsAsync<IpdrException>(() => RepairAsync(_sample.WriteArchive(_folder), Place("folder")))).Fault.Code);

    public void Dispose() => _folder.Dispose();

    private string Broken(Action<SampleLayout> change)
    {
        SampleLayout layout = SampleLayout.Oci();
        change(layout);
        return layout.WriteFolder(_folder, "broken");
    }

    private string Place(string form)
    {
        if (form == "folder")
            return _sample.WriteFolder(_folder, "place");
        string archive = _sample.WriteArchive(_folder, name: "place.tar");
        if (form != "archive")
            File.WriteAllBytes(archive, SampleLayer.Gzip(File.ReadAllBytes(archive)));
        return archive;
    }

    private static Task<VerificationReport> RepairAsync(string layout, params string[] places) =>
        Verifier.RepairAsync(layout, TargetForm.Any, places, cancellationToken: TestContext.Current.CancellationToken);
}
