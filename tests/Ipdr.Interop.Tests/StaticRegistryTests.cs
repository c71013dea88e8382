using System.Security.Cryptography;
using System.Text.Json;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>A registry-v2 layout behind a plain file server is a registry.</summary>
public sealed class StaticRegistryTests
{
    [Theory]
    [InlineData("docker2010-one.tar", "registry-v2", "docker")]
    [InlineData("docker2010-one.tar", "registry-v2", "oci")]
    [InlineData("docker2010-multitag.tar", "registry-v2", "oci")]
    [InlineData("docker28-dup.tar", "registry-v2", "docker")]
    [InlineData("docker2010-one.tar", "universal", "oci")]
    [InlineData("docker2010-one.tar", "universal", "docker")]
    public async Task Skopeo_pulls_every_tag_and_digest(string fixture, string layout, string mediaTypes)
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        using TemporaryFolder folder = new();
        ConversionReport report = await IpdrProgram.ConvertAsync(
            FixtureCatalogue.Named(fixture).Path, folder["layout"], "--layout", layout, "--media-types", mediaTypes);
        ConvertedImage image = Assert.Single(report.Images);
        await using StaticRegistry registry = await StaticRegistry.StartAsync(folder["layout"]);
        HashSet<string> references = [];
        foreach ((string name, string repository) in registry.Repositories)
        {
            foreach (string reference in Directory.EnumerateFiles(Path.Combine(repository, "manifests")).Select(file => Path.GetFileName(file)))
            {
                references.Add(reference);
                await CheckPullAsync(skopeo, $"{registry.Host}/{name}{(reference.Contains(':') ? '@' : ':')}{reference}", image);
            }
        }
        Assert.Superset(new HashSet<string>(["latest", image.Manifest.Digest, .. image.Names.Select(TagOf)]), references);
    }

    [Fact]
    public async Task A_universal_layout_is_an_oci_layout_as_well()
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        using TemporaryFolder folder = new();
        ConversionReport report = await IpdrProgram.ConvertAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, folder["layout"], "--layout", "universal");
        await Layouts.LayoutCheck.AssertSoundAsync(folder["layout"]);
        (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", $"oci:{folder["layout"]}", $"dir:{folder["copy"]}")).OrFail();
        Assert.Equal(report.Images[0].ImageId, await ImageIdAsync(folder["copy"]));
    }

    private static async Task CheckPullAsync(ExternalProgram skopeo, string reference, ConvertedImage image)
    {
        using TemporaryFolder folder = new();
        (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--src-tls-verify=false", "docker://" + reference, $"dir:{folder["copy"]}")).OrFail();
        byte[] manifest = await File.ReadAllBytesAsync(Path.Combine(folder["copy"], "manifest.json"), TestContext.Current.CancellationToken);
        Assert.Equal(image.Manifest.Digest, "sha256:" + Convert.ToHexStringLower(SHA256.HashData(manifest)));
        Assert.Equal(image.ImageId, await ImageIdAsync(folder["copy"]));
    }

    /// <summary>Hashes the config that skopeo has brought, rather than to believe the manifest.</summary>
    private static async Task<string> ImageIdAsync(string copy)
    {
        await using FileStream manifest = File.OpenRead(Path.Combine(copy, "manifest.json"));
        using JsonDocument document = await JsonDocument.ParseAsync(manifest, cancellationToken: TestContext.Current.CancellationToken);
        string config = document.RootElement.GetProperty("config").GetProperty("digest").GetString()!;
        await using FileStream content = File.OpenRead(Path.Combine(copy, config.Split(':')[1]));
        return "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(content, TestContext.Current.CancellationToken));
    }

    private static string TagOf(string name) => name[(name.LastIndexOf(':') + 1)..];
}
