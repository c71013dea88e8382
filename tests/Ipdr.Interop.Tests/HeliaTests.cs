using System.Security.Cryptography;
using System.Text.Json;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>Helia reads files of images out of our gateway, which is its only one.</summary>
public sealed class HeliaTests
{
    [Fact]
    public async Task Verified_fetch_reads_every_file_of_a_layout_that_was_pushed()
    {
        string scripts = await NodePackages.RequireAsync("Helia");
        ExternalProgram node = ExternalProgram.Require("node"), skopeo = ExternalProgram.Require("skopeo");
        using TemporaryFolder folder = new();
        await IpdrProgram.ConvertAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, folder["layout"], "--layout", "universal");
        await using IpdrServer server = await IpdrServer.StartAsync(folder["home"]);
        (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false", "oci:" + folder["layout"], $"docker://{server.Host}/fixture/one:1.0")).OrFail();
        string cid = (await IpdrServer.Over(folder["home"]).RunAsync("dig", "fixture/one:1.0", "--short")).OrFail().Text;
        string[] files = [.. Directory.EnumerateFiles(folder["layout"], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder["layout"], file)).Where(file => !file.Contains(':', StringComparison.Ordinal))];
        Assert.NotEmpty(files);

        ProgramResult read = (await node.RunAsync(["--require", Path.Combine(scripts, "shim.cjs"), Path.Combine(scripts, "fetch.mjs"), server.Address.ToString(), .. files.Select(file => $"{cid}/{file}")])).OrFail();
        JsonElement[] answers = [.. read.Text.Split('\n').Select(line => JsonElement.Parse(line))];
        Assert.Equal(files.Length, answers.Length);
        for (int i = 0; i < files.Length; i++)
        {
            byte[] expected = await File.ReadAllBytesAsync(Path.Combine(folder["layout"], files[i]), TestContext.Current.CancellationToken);
            Assert.Equal(200, answers[i].GetProperty("status").GetInt32());
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(expected)), answers[i].GetProperty("digest").GetString());
        }
    }
}
