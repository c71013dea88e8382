using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ipdr.Interop.Tests.Archives;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>Images that get another form while they are copied, from and to a registry, as others read them.</summary>
public sealed class ConvertingCopyTests(DistributionServer registry) : IClassFixture<DistributionServer>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("zstd", "application/vnd.oci.image.layer.v1.tar+zstd")]
    [InlineData("gzip", "application/vnd.oci.image.layer.v1.tar+gzip")]
    [InlineData("none", "application/vnd.oci.image.layer.v1.tar")]
    public async Task Skopeo_decompresses_what_came_out_of_a_registry_to_the_layers_that_the_config_promises(string compression, string mediaType)
    {
        ExternalProgram skopeo = Skopeo;
        CopyProgram copy = new(_folder);
        CopyReport sent = await copy.CopyAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, $"docker://{registry.Host}/form/{compression}:1");
        CopyReport fetched = await copy.CopyAsync($"docker://{registry.Host}/form/{compression}:1", $"oci:{_folder["layout"]}:1", "--compression", compression);
        Assert.Equal(sent.Images[0].ImageIds, fetched.Images[0].ImageIds);

        JsonNode manifest = await ReadAsync(skopeo, "inspect", "--raw", $"oci:{_folder["layout"]}:1");
        Assert.All(manifest["layers"]!.AsArray(), layer => Assert.Equal(mediaType, (string?)layer!["mediaType"]));
        JsonNode config = await ReadAsync(skopeo, "inspect", "--raw", "--config", $"oci:{_folder["layout"]}:1");
        (await skopeo.RunAsync("copy", "--quiet", "--dest-decompress", $"oci:{_folder["layout"]}:1", $"dir:{_folder["plain"]}")).OrFail();
        string[] plain = [.. Directory.EnumerateFiles(_folder["plain"]).Select(file => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}")];
        Assert.All(config["rootfs"]!["diff_ids"]!.AsArray(), id => Assert.Contains((string)id!, plain));
    }

    [Fact]
    public async Task A_layout_goes_to_a_registry_in_the_words_of_docker()
    {
        ExternalProgram skopeo = Skopeo;
        CopyProgram copy = new(_folder);
        CopyReport first = await copy.CopyAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, $"oci:{_folder["layout"]}:1");
        CopyReport sent = await copy.CopyAsync($"oci:{_folder["layout"]}:1", $"docker://{registry.Host}/form/docker:1", "--media-types", "docker");
        JsonNode manifest = await ReadAsync(skopeo, "inspect", "--raw", "--tls-verify=false", $"docker://{registry.Host}/form/docker:1");
        Assert.Equal("application/vnd.docker.distribution.manifest.v2+json", (string?)manifest["mediaType"]);
        Assert.All(manifest["layers"]!.AsArray(), layer => Assert.Equal("application/vnd.docker.image.rootfs.diff.tar.gzip", (string?)layer!["mediaType"]));
        Assert.Equal(first.Images[0].ImageIds[0], (string?)manifest["config"]!["digest"]);
        Assert.Equal(sent.Images[0].Manifest.Digest, (await skopeo.RunAsync("inspect", "--tls-verify=false", "--format", "{{.Digest}}", $"docker://{registry.Host}/form/docker:1")).OrFail().Text);
        // Its blobs stay what they are: the second time nothing has to be sent, and to another repository nothing but a word.
        CopyReport again = await copy.CopyAsync($"oci:{_folder["layout"]}:1", $"docker://{registry.Host}/form/docker:2", "--media-types", "docker");
        Assert.Equal((0, sent.Images[0].Manifest.Digest), (again.CopiedBytes, again.Images[0].Manifest.Digest));
        CopyReport back = await copy.CopyAsync($"docker://{registry.Host}/form/docker:2", $"docker://{registry.Host}/form/back:1", "--media-types", "oci");
        Assert.Equal((0, first.Images[0].Manifest.Digest), (back.CopiedBytes, back.Images[0].Manifest.Digest));
    }

    [Fact]
    public async Task All_platforms_of_an_index_go_from_registry_to_registry_in_another_form()
    {
        ExternalProgram skopeo = Skopeo;
        CopyProgram copy = new(_folder);
        CopyReport first = await copy.CopyAsync(FixtureCatalogue.Named("buildah128-manifest-list.tar").Path, $"docker://{registry.Host}/form/list:1", "--all-platforms");
        CopyReport sent = await copy.CopyAsync($"docker://{registry.Host}/form/list:1", $"docker://{registry.Host}/form/list:zstd", "--all-platforms", "--compression", "zstd");
        Assert.Equal(first.Images[0].ImageIds, sent.Images[0].ImageIds);
        JsonNode index = await ReadAsync(skopeo, "inspect", "--raw", "--tls-verify=false", $"docker://{registry.Host}/form/list:zstd");
        Assert.Equal(2, index["manifests"]!.AsArray().Count);
        (await skopeo.RunAsync("copy", "--quiet", "--all", "--src-tls-verify=false", $"docker://{registry.Host}/form/list:zstd", $"oci:{_folder["back"]}:1")).OrFail();
        Assert.Equal(sent.Images[0].Manifest.Digest, (await copy.CopyAsync($"oci:{_folder["back"]}:1", $"oci:{_folder["again"]}", "--all-platforms")).Images[0].Manifest.Digest);
    }

    [Fact]
    public async Task What_rots_in_a_registry_is_noticed_before_anything_is_written()
    {
        CopyProgram copy = new(_folder);
        // Of its own: a registry keeps equal blobs of all its repositories once.
        GeneratedArchive archive = await GeneratedArchive.WriteAsync(_folder["rotten.tar"], "form/rotten:1", layers: 2, bytesPerLayer: 300_000, seed: 4711);
        await copy.CopyAsync(archive.Path, $"docker://{registry.Host}/form/rotten:1");
        registry.Damage("form/rotten");
        ProgramResult result = await copy.Program.RunAsync("copy", $"docker://{registry.Host}/form/rotten:1", $"oci:{_folder["layout"]}", "--compression", "zstd");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("does not have the digest that names it", result.Errors, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder["layout"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder["cache"], "ipdr")));
    }

    private static ExternalProgram Skopeo => ExternalProgram.Require("skopeo") with { Prefix = ["--insecure-policy"] };

    private static async Task<JsonNode> ReadAsync(ExternalProgram program, params string[] arguments) => JsonNode.Parse((await program.RunAsync(arguments)).OrFail().Output.Span)!;
}
