using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Store;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>The store, or an image of it: its bytes, and what its catalogue says of them.</summary>
public sealed class StoreVerificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>What somebody has done to the catalogue, and how it is told.</summary>
    private static readonly Dictionary<string, (string Sql, FaultCode Code)> Lies = new()
    {
        ["size"] = ("UPDATE blobs SET size = size + 1 WHERE id = (SELECT blob FROM slices WHERE start > 0 LIMIT 1)", FaultCode.SizeMismatch),
        ["CID of a blob"] = ("UPDATE files SET cid = (SELECT cid FROM files ORDER BY blob DESC LIMIT 1) WHERE blob = (SELECT min(blob) FROM files)", FaultCode.CidMismatch),
        ["place of a block"] = ("UPDATE slices SET start = start - 1 WHERE start > 0", FaultCode.BadNode),
        ["place beyond the end"] = ("UPDATE slices SET start = start + 100000000 WHERE start > 0", FaultCode.BadNode),
        ["node above the leaves"] = ("UPDATE nodes SET content = content || x'00' WHERE owner IN (SELECT blob FROM slices WHERE start > 0)", FaultCode.BadNode),
        ["directory"] = ("UPDATE nodes SET content = content || x'00' WHERE owner IN (SELECT blob FROM manifests)", FaultCode.BadNode),
        ["lost directory"] = ("DELETE FROM nodes WHERE owner IN (SELECT blob FROM manifests)", FaultCode.MissingBlock),
        ["lost leaf"] = ("DELETE FROM slices WHERE start > 0", FaultCode.MissingBlock),
        ["CID of a tag"] = ("UPDATE tags SET cid = (SELECT cid FROM files LIMIT 1)", FaultCode.CidMismatch),
        ["DiffId"] = ($"INSERT INTO compressed_layers SELECT 'sha256:{new string('0', 64)}', 'gzip', blob FROM slices WHERE start > 0 LIMIT 1", FaultCode.DigestMismatch),
        ["forgotten reference"] = ("DELETE FROM manifest_references WHERE digest = (SELECT max(digest) FROM manifest_references)", FaultCode.ViewsDisagree),
        ["invented reference"] = ($"INSERT INTO manifest_references SELECT blob, 'sha256:{new string('0', 64)}' FROM manifests", FaultCode.ViewsDisagree),
        ["image ID"] = ($"UPDATE images SET image_id = 'sha256:{new string('0', 64)}'", FaultCode.ViewsDisagree),
        ["blob of a repository"] = ("DELETE FROM repository_blobs WHERE blob = (SELECT blob FROM slices WHERE start > 0 LIMIT 1)", FaultCode.MissingBlob),
    };

    public static TheoryData<string> LieNames => [.. Lies.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task A_sound_store_shows_nothing_and_all_its_bytes_are_read(bool whole, bool quick)
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        VerificationReport report = await sample.VerifyAsync(whole, new VerificationOptions { Quick = quick });
        Assert.Empty(report.Findings);
        string[] blobs = Directory.GetFiles(sample.PathOf("blobs"), "*", SearchOption.AllDirectories);
        Assert.Equal((blobs.Length, blobs.Sum(blob => new FileInfo(blob).Length)), (report.Blobs, report.Bytes));
        Assert.Equal(whole ? "store" : "store:app:1.0", report.Target);
    }

    [Theory]
    [InlineData("flip", FaultCode.DigestMismatch)]
    [InlineData("cut", FaultCode.SizeMismatch)]
    [InlineData("remove", FaultCode.MissingBlob)]
    [InlineData("link", FaultCode.SymbolicLink)]
    public async Task Bytes_that_are_not_what_they_were_are_found_wherever_they_are(string how, FaultCode code)
    {
        foreach (Func<SampleLayout, string> part in new Func<SampleLayout, string>[] { layout => layout.LayerPath(2), layout => layout.LayerPath(0), layout => layout.ConfigPath, layout => layout.ManifestPath })
        {
            using TemporaryFolder folder = new();
            using StoreSample sample = await StoreSample.CreateAsync(folder);
            string blob = part(sample.Layout), path = sample.PathOf(blob);
            Harm(sample, how, blob);
            // What a descriptor says of the size is there for all but the manifest, which the catalogue leads to.
            FaultCode expected = code == FaultCode.SizeMismatch && blob == sample.Layout.ManifestPath ? FaultCode.DigestMismatch : code;
            foreach (bool whole in (bool[])[true, false])
            {
                VerificationReport report = await sample.VerifyAsync(whole);
                Assert.False(report.IsSound());
                Finding error = Assert.Single(report.Findings, finding => finding.Severity == Severity.Error);
                Assert.Equal(expected, error.Code);
                Assert.Contains(Path.GetFileName(path), $"{error.Fault.Where} {error.Fault.Expected}", StringComparison.Ordinal);
                Assert.Equal([FaultCode.Unchecked], report.Findings.Where(finding => finding != error).Select(finding => finding.Code));
            }
        }
    }

    [Fact]
    public async Task Blobs_that_have_each_others_bytes_are_both_found()
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        string one = sample.PathOf(sample.Layout.LayerPath(0)), other = sample.PathOf(sample.Layout.LayerPath(1)), aside = _folder.File("aside");
        File.Move(one, aside);
        File.Move(other, one);
        File.Move(aside, other);
        Assert.Equal(2, (await sample.VerifyAsync()).Count(Severity.Error));
    }

    [Theory]
    [MemberData(nameof(LieNames))]
    public async Task What_the_catalogue_claims_falsely_is_found(string name)
    {
        (string sql, FaultCode code) = Lies[name];
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        Assert.True(sample.Change(sql) > 0);
        foreach (bool whole in (bool[])[true, false])
        {
            VerificationReport report = await sample.VerifyAsync(whole);
            Assert.Equal([], StoreSample.CodesOf(report).Except([code, FaultCode.Unchecked]));
            Assert.False(report.IsSound());
        }
    }

    [Fact]
    public async Task A_CID_that_leads_to_another_image_is_found()
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        SampleLayout.Oci(image => image.Architecture = "arm64").WriteFolder(_folder, "other");
        await sample.CopyAsync($"oci:{_folder.File("other")}", "store:other:1.0");
        Assert.NotNull(await sample.Store.FindCidAsync(RepositoryName.Parse("other"), Tag.Parse("1.0"), Cancellation));
        Assert.Empty((await sample.VerifyAsync()).Findings);
        Assert.True(sample.Change("UPDATE OR REPLACE roots SET manifest = (SELECT max(manifest) FROM roots)") > 0);
        Assert.Equal([FaultCode.CidMismatch], StoreSample.CodesOf(await sample.VerifyAsync()));
    }

    [Fact]
    public async Task An_image_is_not_blamed_for_what_is_wrong_with_another()
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        SampleLayout other = SampleLayout.Oci(image => image.Architecture = "arm64");
        other.WriteFolder(_folder, "other");
        await sample.CopyAsync($"oci:{_folder.File("other")}", "store:other:1.0");
        sample.Flip(other.ConfigPath);
        Assert.Empty((await sample.VerifyAsync(whole: false)).Findings);
        Assert.False((await sample.VerifyAsync()).IsSound());
    }

    [Fact]
    public async Task Blobs_to_which_nothing_leads_are_checked_and_no_finding_by_themselves()
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        Assert.True(await sample.Store.DeleteManifestAsync(StoreSample.Repository, StoreSample.DigestOf(sample.Layout.ManifestPath), Cancellation));
        VerificationReport report = await sample.VerifyAsync();
        Assert.Equal([FaultCode.NoImages], StoreSample.CodesOf(report));
        Assert.Equal(5, report.Blobs);
        sample.Flip(sample.Layout.LayerPath(0));
        File.Delete(sample.PathOf(sample.Layout.LayerPath(1)));
        Assert.Equal([FaultCode.NoImages, FaultCode.MissingBlob, FaultCode.DigestMismatch], StoreSample.CodesOf(await sample.VerifyAsync()));
    }

    [Fact]
    public async Task Files_that_nobody_knows_are_told_apart()
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        File.WriteAllText(sample.PathOf($"blobs/sha256/{new string('a', 64)}"), "left");
        Assert.Equal([FaultCode.StrayFile], StoreSample.CodesOf(await sample.VerifyAsync()));
        Assert.Empty((await sample.VerifyAsync(whole: false)).Findings);
        File.WriteAllText(sample.PathOf("blobs/sha256/notes"), "mine");
        Assert.Equal([FaultCode.BadBlobName, FaultCode.StrayFile], StoreSample.CodesOf(await sample.VerifyAsync()));
    }

    [Fact]
    public async Task An_empty_store_names_no_image_and_one_that_is_asked_for_is_not_found()
    {
        using ContentStore store = ContentStore.Open(_folder.File("empty"));
        Assert.Equal([FaultCode.NoImages], StoreSample.CodesOf(await Verifier.VerifyAsync(VerificationTarget.OfStore(store), cancellationToken: Cancellation)));
        Assert.Equal([FaultCode.NotFound], StoreSample.CodesOf(await Verifier.VerifyAsync(VerificationTarget.OfStore(store, StoreSample.Image), cancellationToken: Cancellation)));
    }

    [Fact]
    public async Task The_digest_and_the_CID_that_are_asked_for_are_looked_for()
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        Cid cid = (await sample.Store.FindCidAsync(StoreSample.Repository, Tag.Parse("1.0"), Cancellation))!.Value;
        Digest digest = StoreSample.DigestOf(sample.Layout.ManifestPath);
        Assert.True(sample.Change("UPDATE tags SET cid = NULL; DELETE FROM roots") > 0);
        foreach (bool whole in (bool[])[true, false])
        {
            Assert.Empty((await sample.VerifyAsync(whole, new VerificationOptions { Cid = cid, Digest = digest })).Findings);
            VerificationReport other = await sample.VerifyAsync(whole, new VerificationOptions
            {
                Cid = Cid.Parse("bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"),
                Digest = StoreSample.DigestOf(sample.Layout.ConfigPath),
            });
            Assert.Equal([FaultCode.DigestMismatch, FaultCode.CidMismatch], StoreSample.CodesOf(other));
        }
    }

    [Fact]
    public async Task The_report_is_the_same_on_one_core_and_on_many()
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        sample.Flip(sample.Layout.LayerPath(0));
        sample.Flip(sample.Layout.LayerPath(2));
        VerificationReport one = await sample.VerifyAsync(options: new VerificationOptions { DegreeOfParallelism = 1 });
        Assert.Equal(one.Findings, (await sample.VerifyAsync(options: new VerificationOptions { DegreeOfParallelism = 16 })).Findings);
    }

    [Fact]
    public async Task What_others_push_and_collect_meanwhile_gives_no_false_alarm()
    {
        using StoreSample sample = await StoreSample.CreateAsync(_folder);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        string[] origins = [.. Enumerable.Range(0, 4).Select(i => SampleLayout.Oci(image => image.ChangeConfig = config => config["author"] = $"{i}").WriteFolder(_folder, $"origin-{i}"))];
        Task writing = Task.Run(async () =>
        {
            using ContentStore other = ContentStore.Open(sample.Home);
            for (int i = 0; !end.IsCancellationRequested; i++)
            {
                await sample.CopyAsync($"oci:{origins[i % origins.Length]}", $"store:moving:{i % 3}");
                await other.DeleteTagAsync(RepositoryName.Parse("moving"), Tag.Parse($"{(i + 1) % 3}"), Cancellation);
                await other.CollectAsync(new CollectionOptions { Grace = TimeSpan.Zero }, Cancellation);
            }
        }, Cancellation);
        for (int round = 0; round < 25 && !writing.IsCompleted; round++)
        {
            string findings = string.Join('\n', (await sample.VerifyAsync()).Findings.Select(finding => finding.Fault.ToString()));
            Assert.True(findings.Length == 0, findings);
        }
        await end.CancelAsync();
        await writing;
    }

    public void Dispose() => _folder.Dispose();

    private void Harm(StoreSample sample, string how, string blob)
    {
        string path = sample.PathOf(blob);
        switch (how)
        {
            case "flip":
                sample.Flip(blob);
                break;
            case "cut":
                using (FileStream file = File.OpenWrite(path))
                    file.SetLength(file.Length / 2);
                break;
            case "remove":
                File.Delete(path);
                break;
            default:
                string aside = Path.Combine(sample.Home, "aside");
                File.Move(path, aside);
                File.CreateSymbolicLink(path, aside);
                break;
        }
    }
}
