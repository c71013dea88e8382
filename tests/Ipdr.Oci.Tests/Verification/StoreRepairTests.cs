using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>Blobs that the store has lost come back from elsewhere, and only what is right is put in place.</summary>
public sealed class StoreRepairTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("folder")]
    [InlineData("archive")]
    public async Task Lost_and_rotten_blobs_come_back(string form)
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        string place = form == "folder" ? sample.Origin : sample.Layout.WriteArchive(_folder);
        string[] before = [.. TemporaryFolder.Listing(sample.PathOf("blobs"))];
        File.Delete(sample.PathOf(sample.Layout.LayerPath(0)));
        sample.Flip(sample.Layout.LayerPath(2));
        File.WriteAllText(sample.PathOf(sample.Layout.ConfigPath), "");
        VerificationReport report = await sample.RepairAsync(place);
        Assert.Empty(report.Findings);
        Assert.Equal(3, report.Repaired.Count);
        Assert.Equal(before, TemporaryFolder.Listing(sample.PathOf("blobs")));
    }

    [Fact]
    public async Task A_manifest_that_comes_back_shows_what_else_is_lost()
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        File.Delete(sample.PathOf(sample.Layout.ManifestPath));
        sample.Flip(sample.Layout.LayerPath(1));
        VerificationReport report = await Verifier.RepairAsync(sample.Store, StoreSample.Image, [sample.Origin], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(report.Findings);
        Assert.Equal(2, report.Repaired.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_blob_that_the_catalogue_has_lost_too_is_given_out_again(bool isLayer)
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        string path = isLayer ? sample.Layout.LayerPath(2) : sample.Layout.ConfigPath;
        Digest blob = StoreSample.DigestOf(path);
        File.Delete(sample.PathOf(path));
        Assert.True(sample.Change($"PRAGMA foreign_keys = ON; DELETE FROM blobs WHERE digest = '{blob}'") > 0);
        Assert.Null(await sample.Store.FindBlobAsync(StoreSample.Repository, blob, TestContext.Current.CancellationToken));
        VerificationReport report = await sample.RepairAsync(sample.Origin);
        Assert.Single(report.Repaired);
        Assert.NotNull(await sample.Store.FindBlobAsync(StoreSample.Repository, blob, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_platform_that_was_never_here_is_left_to_a_copy()
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        SampleLayout both = SampleLayout.Oci([new SampleImage { Tag = null }, new SampleImage { Architecture = "arm64", Tag = null }]);
        foreach ((string path, byte[] content) in both.Files.Where(file => file.Key.StartsWith("blobs/", StringComparison.Ordinal) && file.Key != both.ManifestPath).OrderBy(file => file.Value.AsSpan().IndexOf("schemaVersion"u8) >= 0))
            await sample.PutAsync(StoreSample.DigestOf(path), content);
        await sample.PutAsync(Digest.Parse(SampleLayout.DigestOf(both.Files["index.json"])), both.Files["index.json"]);
        VerificationReport report = await sample.RepairAsync(both.WriteFolder(_folder, "both"));
        Assert.Empty(report.Repaired);
        Assert.Equal([FaultCode.PartialIndex], StoreSample.CodesOf(report));
    }

    [Fact]
    public async Task A_size_that_the_catalogue_has_wrong_is_corrected()
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        sample.Change("UPDATE blobs SET size = 7");
        Assert.False((await sample.VerifyAsync()).IsSound());
        Assert.Empty((await sample.RepairAsync(sample.Origin)).Findings);
    }

    [Fact]
    public async Task What_is_not_what_its_name_says_is_not_taken()
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        string layer = sample.Layout.LayerPath(0), stored = sample.PathOf(layer);
        File.Delete(stored);
        SampleLayout liar = SampleLayout.Oci();
        liar.Damage(layer);
        VerificationReport report = await sample.RepairAsync(liar.WriteFolder(_folder, "liar"));
        Assert.Empty(report.Repaired);
        Assert.Contains(FaultCode.MissingBlob, StoreSample.CodesOf(report));
        Assert.False(File.Exists(stored));
    }

    [Fact]
    public async Task A_link_in_the_place_of_a_blob_is_replaced_and_what_it_led_to_is_left_alone()
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        string blob = sample.PathOf(sample.Layout.LayerPath(0)), outside = _folder.File("outside");
        File.WriteAllText(outside, "mine");
        File.Delete(blob);
        File.CreateSymbolicLink(blob, outside);
        Assert.Empty((await sample.RepairAsync(sample.Origin)).Findings);
        Assert.Equal("mine", File.ReadAllText(outside));
        Assert.Null(new FileInfo(blob).LinkTarget);
    }

    public void Dispose() => _folder.Dispose();
}
