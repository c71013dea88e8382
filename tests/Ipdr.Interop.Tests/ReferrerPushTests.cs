using System.Text.Json;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>What was signed in one registry and handed over by its CID is found good by others: in the next registry, below the CID, and in files.</summary>
public sealed class ReferrerPushTests(DistributionServer registry) : IClassFixture<DistributionServer>
{
    private const string Bill = "application/vnd.example.sbom";

    private static readonly string[] Reach = ["--allow-insecure-registry", "--allow-http-registry"];

    private static ExternalProgram Cosign => ExternalProgram.Require("cosign") with { Environment = new Dictionary<string, string> { ["COSIGN_PASSWORD"] = "", ["COSIGN_EXPERIMENTAL"] = "1" } };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cosign_verifies_what_went_through_a_cid(bool subject)
    {
        using TemporaryFolder folder = new();
        string repository = subject ? "pushed/subject" : "pushed/tag", name = $"{registry.Host}/{repository}:1", next = $"{registry.Host}/{repository}-next:1";
        await new CopyProgram(folder).CopyAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, $"docker://{name}");
        (await Cosign.RunAsync("generate-key-pair", "--output-key-prefix", folder["key"])).OrFail();
        (await Cosign.RunAsync(["sign", "--yes", "--key", folder["key.key"], "--tlog-upload=false", .. subject ? ["--registry-referrers-mode=oci-1-1"] : Array.Empty<string>(), .. Reach, name])).OrFail();

        string cid = await PushAsync(folder, name);
        // Who has neither the image nor the registry.
        (await IpdrServer.Over(folder["there"]).RunAsync("pull", "--referrers", cid, "--from", $"car:{folder["image.car"]}", "--to", $"docker://{next}")).OrFail();
        await VerifyAsync(folder, next, subject);
        await using IpdrServer server = await IpdrServer.StartAsync(folder["here"]);
        await VerifyAsync(folder, $"{server.Host}/{cid}:1", subject);
        await VerifyAsync(folder, $"{server.Host}/{repository}:1", subject);
        // Without the option it is an image that nobody has signed.
        string alone = (await IpdrServer.Over(folder["here"]).RunAsync("push", "-s", $"docker://{name}")).OrFail().Text;
        Assert.NotEqual(cid, alone);
        Assert.NotEqual(0, (await Cosign.RunAsync(Verify(folder, $"{server.Host}/{alone}:1", subject))).ExitCode);
    }

    [Fact]
    public async Task Oras_discovers_below_a_cid_and_in_its_files()
    {
        ExternalProgram oras = ExternalProgram.Require("oras");
        using TemporaryFolder folder = new();
        string name = $"{registry.Host}/pushed/bill:1";
        string digest = (await new CopyProgram(folder).CopyAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, $"docker://{name}")).Images[0].Manifest.Digest;
        await File.WriteAllTextAsync(folder["bill.txt"], "all of it", TestContext.Current.CancellationToken);
        (await oras.RunAsync("attach", "--plain-http", "--disable-path-validation", "--artifact-type", Bill, name, folder["bill.txt"] + ":text/plain")).OrFail();

        string cid = await PushAsync(folder, name);
        await using IpdrServer server = await IpdrServer.StartAsync(folder["here"]);
        await DiscoverAsync($"{server.Host}/{cid}:1");
        // A host of files has no answer but the list; of a tag it does not say the digest, which oras wants to hear.
        (await IpdrProgram.Program.RunAsync("car", "unpack", folder["image.car"], "-o", folder["files"])).OrFail();
        await using StaticRegistry files = await StaticRegistry.StartAsync(folder["files"]);
        await DiscoverAsync($"{files.Host}/{Assert.Single(files.Repositories).Name}@{digest}");
        // The folder is the one that a copy writes.
        await new CopyProgram(folder).CopyAsync("--referrers", $"docker://{name}", $"universal:{folder["copy"]}:pushed/bill:1");
        Assert.Equal(cid, (await IpdrProgram.Program.RunAsync("cid", "-s", folder["copy"])).OrFail().Text);
        (await IpdrProgram.Program.RunAsync("verify", folder["files"], "--strict")).OrFail();

        async Task DiscoverAsync(string image)
        {
            using JsonDocument found = JsonDocument.Parse((await oras.RunAsync("discover", "--plain-http", "--format", "json", image)).OrFail().Text);
            Assert.Contains(Bill, found.RootElement.ToString(), StringComparison.Ordinal);
        }
    }

    private static async Task<string> PushAsync(TemporaryFolder folder, string name) =>
        (await IpdrServer.Over(folder["here"]).RunAsync("push", "-s", "--referrers", $"docker://{name}", "--to", $"car={folder["image.car"]}")).OrFail().Text;

    private static async Task VerifyAsync(TemporaryFolder folder, string image, bool subject) => (await Cosign.RunAsync(Verify(folder, image, subject))).OrFail();

    private static string[] Verify(TemporaryFolder folder, string image, bool subject) =>
        ["verify", "--key", folder["key.pub"], "--insecure-ignore-tlog", .. subject ? ["--experimental-oci11"] : Array.Empty<string>(), .. Reach, image];
}
