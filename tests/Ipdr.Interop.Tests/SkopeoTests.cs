using System.Security.Cryptography;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Layouts;
using Ipdr.Interop.Tests.Peers;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests;

/// <summary>skopeo reads the layouts: every manifest, every blob.</summary>
public sealed class SkopeoTests(ConvertedFixtures fixtures)
{
    [Theory]
    [ClassData(typeof(GoodFixtures))]
    public async Task Skopeo_copies_every_entry_byte_by_byte(string fixture)
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        OciLayoutFolder layout = await fixtures.LayoutAsync(fixture);
        PeerJudgement judgement = new(Peer.Skopeo);
        foreach (LayoutNode root in layout.Roots.DistinctBy(root => root.Digest))
        {
            using LayoutView view = new(layout, root);
            await CheckCopyAsync(skopeo, judgement, layout, root, view.Reference);
        }
        judgement.Conclude();
    }

    [Theory]
    [ClassData(typeof(GoodFixtures))]
    public async Task Skopeo_finds_every_entry_under_its_own_name(string fixture)
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        OciLayoutFolder layout = await fixtures.LayoutAsync(fixture);
        PeerJudgement judgement = new(Peer.Skopeo);
        foreach (LayoutNode root in layout.Roots.Where(root => root.RefName is not null))
        {
            ProgramResult raw = await skopeo.RunAsync("inspect", "--raw", $"oci:{layout.Path}:{root.RefName}");
            if (judgement.Accepted(raw, root.Traits()))
                Assert.Equal(layout.Document(root), raw.Output.ToArray());
        }
        judgement.Conclude();
    }

    [Theory]
    [InlineData("docker2010-one.tar")]
    [InlineData("buildx-oci-attest.tar")]
    [InlineData("composed-jib-oci.tar")]
    public async Task A_folder_is_what_skopeo_writes_itself_and_skopeo_reads_it(string fixture)
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        using TemporaryFolder folder = new();
        CopyProgram copy = new(folder);
        string digest = (await copy.CopyAsync(FixtureCatalogue.Named(fixture).Path, $"oci:{folder["layout"]}:x", "--all-platforms")).Images[0].Manifest.Digest;
        (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--all", $"oci:{folder["layout"]}:x", $"dir:{folder["theirs"]}")).OrFail();
        Assert.Equal(digest, Assert.Single((await copy.CopyAsync($"oci:{folder["layout"]}:x", $"dir:{folder["ours"]}", "--all-platforms")).Images).Manifest.Digest);
        Assert.Equal(await ContentsAsync(folder["theirs"]), await ContentsAsync(folder["ours"]));

        (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--all", $"dir:{folder["ours"]}", $"oci:{folder["back"]}:x")).OrFail();
        Assert.Equal(digest, Assert.Single((await copy.CopyAsync($"oci:{folder["back"]}:x", $"oci:{folder["again"]}", "--all-platforms")).Images).Manifest.Digest);
        Assert.Equal(digest, Assert.Single((await copy.CopyAsync($"dir:{folder["ours"]}", $"oci:{folder["still"]}", "--all-platforms")).Images).Manifest.Digest);
    }

    [Theory]
    [InlineData("docker2010-multiimage.tar", 3)]
    [InlineData("podman43-multi.tar", 2)]
    public async Task Images_that_are_counted_are_those_that_skopeo_counts(string fixture, int count)
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        string archive = FixtureCatalogue.Named(fixture).Path;
        for (int i = 0; i < count; i++)
        {
            string place = $"docker-archive:{archive}:@{i}";
            Assert.Equal((await skopeo.RunAsync("inspect", "--config", "--raw", place)).OrFail().Output.ToArray(), (await IpdrProgram.Program.RunAsync("inspect", "--config", place)).OrFail().Output.ToArray());
        }
    }

    [Theory]
    [InlineData("gzip", "sha256", "oci")]
    [InlineData("zstd", "sha256", "oci")]
    [InlineData("none", "sha256", "oci")]
    [InlineData("gzip", "sha256", "docker")]
    [InlineData("gzip", "sha512", "oci")]
    [InlineData("gzip", "blake3", "oci")]
    public async Task Skopeo_copies_what_the_options_ask_for(string compression, string digest, string mediaTypes)
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        using TemporaryFolder folder = new();
        await IpdrProgram.ConvertAsync(FixtureCatalogue.Named("docker2010-multiimage.tar").Path, folder["layout"],
            "--compression", compression, "--digest", digest, "--media-types", mediaTypes);
        await LayoutCheck.AssertSoundAsync(folder["layout"]);
        OciLayoutFolder layout = new(folder["layout"]);
        PeerJudgement judgement = new(Peer.Skopeo);
        foreach (LayoutNode root in layout.Roots)
        {
            using LayoutView view = new(layout, root);
            await CheckCopyAsync(skopeo, judgement, layout, root, view.Reference);
        }
        judgement.Conclude();
    }

    private static async Task<string[]> ContentsAsync(string folder)
    {
        List<string> contents = [];
        foreach (string file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            contents.Add($"{Path.GetFileName(file)} {Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)))}");
        return [.. contents];
    }

    private static async Task CheckCopyAsync(
        ExternalProgram skopeo, PeerJudgement judgement, OciLayoutFolder layout, LayoutNode root, string reference)
    {
        using TemporaryFolder copy = new();
        ProgramResult copied = await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--all", "oci:" + reference, "dir:" + copy.Path);
        if (!judgement.Accepted(copied, root.Traits()))
            return;
        Assert.Equal(layout.Document(root), await File.ReadAllBytesAsync(copy["manifest.json"], TestContext.Current.CancellationToken));
        foreach (LayoutNode blob in root.Documents.SelectMany(document => document.Layers))
        {
            await using FileStream file = File.OpenRead(copy[blob.Digest.Split(':')[1]]);
            Assert.Equal(blob.Digest, "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(file, TestContext.Current.CancellationToken)));
        }
    }
}
