using Ipdr.Interop.Tests.Engines;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>Copies between real places: engines, registries, archives that other tools write and read.</summary>
public sealed class CopyTests(DockerEngine engine, DistributionServer registry, PodmanStore podman)
    : IClassFixture<DockerEngine>, IClassFixture<DistributionServer>, IClassFixture<PodmanStore>, IDisposable
{
    private const string Dockerfile = """
        FROM scratch
        COPY busybox /bin/busybox
        RUN ["/bin/busybox", "sh", "-c", "/bin/busybox --install /bin; mkdir /data; echo one > /data/a; ln /data/a /data/b; ln -s a /data/c"]
        RUN rm /data/b; echo two > /data/d; chmod 4711 /data/d
        ENV GREETING=hello
        CMD ["sh", "-c", "echo $GREETING; cat /data/a /data/d; ls -l /data | wc -l"]
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task From_the_engine_around_the_world_and_back_it_is_the_same_image()
    {
        (string name, string id, string output) = await BuildAsync();
        CopyProgram copy = new(_folder, engine.Host);
        CopyReport first = await copy.CopyAsync($"docker-daemon:{name}", $"oci:{_folder["a"]}");
        Assert.Equal(id, Assert.Single(first.Images[0].ImageIds));
        string digest = first.Images[0].Manifest.Digest;

        await using IpdrServer server = await IpdrServer.StartAsync(_folder["served"]);
        string[] stations =
        [
            $"oci:{_folder["a"]}", $"docker://{registry.Host}/around/world:1", $"docker://{server.Host}/around/world:2", $"oci-archive:{_folder["b.tar"]}",
            "store:around:3", $"universal:{_folder["c"]}", $"docker://{registry.Host}/around/again:4", $"registry-v2:{_folder["d"]}",
        ];
        for (int i = 1; i < stations.Length; i++)
            Assert.Equal(digest, Assert.Single((await copy.CopyAsync(stations[i - 1], stations[i])).Images).Manifest.Digest);

        (await engine.Client.RunAsync("rmi", "--force", id)).OrFail();
        CopyReport back = await copy.CopyAsync(stations[^1], "docker-daemon:back/again:5");
        Assert.Equal((digest, "back/again:5"), (back.Images[0].Manifest.Digest, back.Images[0].Reference));
        Assert.Equal(id, await engine.ImageIdAsync("back/again:5"));
        Assert.Equal(output, await RunAsync("back/again:5"));
        // The name that it was pulled by is of use to nobody.
        Assert.Equal("[back/again:5]", (await engine.Client.RunAsync("image", "inspect", "--format", "{{.RepoTags}}", id)).OrFail().Text);
        Assert.Equal(0, (await copy.CopyAsync(stations[0], "docker-daemon:back/again:6")).CopiedBytes >> 16);
    }

    [Theory]
    [InlineData("docker2010-one.tar")]
    [InlineData("buildx-oci-attest.tar")]
    [InlineData("composed-jib-oci.tar")]
    public async Task A_folder_of_skopeo_is_copied_and_pushed(string fixture)
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        CopyProgram copy = new(_folder, engine.Host);
        CopyReport original = await copy.CopyAsync(FixtureCatalogue.Named(fixture).Path, $"oci:{_folder["layout"]}:x", "--all-platforms");
        (await skopeo.RunAsync("--insecure-policy", "copy", "--all", $"oci:{_folder["layout"]}:x", $"dir:{_folder["folder"]}")).OrFail();
        CopyReport back = await copy.CopyAsync($"dir:{_folder["folder"]}", $"oci:{_folder["back"]}", "--all-platforms");
        Assert.Equal(original.Images[0].Manifest.Digest, Assert.Single(back.Images).Manifest.Digest);
        CopyReport registered = await copy.CopyAsync(_folder["folder"], $"docker://{registry.Host}/skopeo/folder:1", "--all-platforms");
        Assert.Equal(original.Images[0].Manifest.Digest, Assert.Single(registered.Images).Manifest.Digest);
    }

    [Fact]
    public async Task Docker_and_podman_load_the_archives_and_run_them()
    {
        (string name, string id, string output) = await BuildAsync();
        CopyProgram copy = new(_folder, engine.Host);
        await copy.CopyAsync(name, $"docker-archive:{_folder["docker.tar"]}");
        await copy.CopyAsync(name, $"oci-archive:{_folder["oci.tar"]}:example/oci:1");
        (await engine.Client.RunAsync("rmi", "--force", id)).OrFail();
        (await engine.Client.RunAsync("load", "--input", _folder["docker.tar"])).OrFail();
        Assert.Equal(id, await engine.ImageIdAsync(name));
        Assert.Equal(output, await RunAsync(name));
        Assert.Equal(id, await podman.ImageIdAsync(await podman.LoadAsync(_folder["docker.tar"])));
        Assert.Equal(id, await podman.ImageIdAsync(await podman.LoadAsync(_folder["oci.tar"])));
    }

    [Fact]
    public async Task An_engine_that_cannot_pull_from_here_is_given_an_archive()
    {
        (string name, string id, string output) = await BuildAsync();
        CopyProgram copy = new(_folder, engine.Host);
        await copy.CopyAsync(name, $"oci:{_folder["a"]}");
        (await engine.Client.RunAsync("rmi", "--force", id)).OrFail();
        // Without a name it has to be loaded: the name to pull it by would be its last.
        System.Text.Json.Nodes.JsonNode index = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder["a"], "index.json"), TestContext.Current.CancellationToken))!;
        index["manifests"]![0]!.AsObject().Remove("annotations");
        await File.WriteAllTextAsync(Path.Combine(_folder["a"], "index.json"), index.ToJsonString(), TestContext.Current.CancellationToken);
        CopyReport loaded = await copy.CopyAsync($"oci:{_folder["a"]}", "docker-daemon:");
        Assert.Equal(id, loaded.Images[0].Reference);
        Assert.Equal(output, await RunAsync(id));
    }

    [Theory]
    [InlineData("docker-archive:{0}:written/by:skopeo")]
    [InlineData("oci-archive:{0}:written")]
    public async Task What_skopeo_writes_is_copied_with_its_digests(string form)
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo") with { Prefix = ["--insecure-policy"] };
        string archive = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, _folder["skopeo.tar"]);
        (await skopeo.RunAsync("copy", "--quiet", "docker-archive:" + FixtureCatalogue.Named("docker2010-one.tar").Path, archive)).OrFail();
        CopyProgram copy = new(_folder);
        CopyReport report = await copy.CopyAsync(_folder["skopeo.tar"], $"docker://{registry.Host}/by/skopeo:1");
        string digest = (await skopeo.RunAsync("inspect", "--tls-verify=false", "--format", "{{.Digest}}", $"docker://{registry.Host}/by/skopeo:1")).OrFail().Text;
        Assert.Equal(digest, report.Images[0].Manifest.Digest);
        (await skopeo.RunAsync("copy", "--quiet", "--src-tls-verify=false", $"docker://{registry.Host}/by/skopeo:1", $"oci:{_folder["back"]}:1")).OrFail();
        Assert.Equal(digest, (await copy.CopyAsync($"oci:{_folder["back"]}:1", $"oci:{_folder["again"]}")).Images[0].Manifest.Digest);
    }

    [Fact]
    public async Task What_skopeo_reads_of_ours_is_what_was_written()
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo") with { Prefix = ["--insecure-policy"] };
        CopyProgram copy = new(_folder);
        CopyReport report = await copy.CopyAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, $"oci-archive:{_folder["a.tar"]}:tag");
        await copy.CopyAsync($"oci-archive:{_folder["a.tar"]}", $"docker-archive:{_folder["b.tar"]}:example/x:1");
        await copy.CopyAsync($"oci-archive:{_folder["a.tar"]}", $"oci:{_folder["c"]}:tag");
        foreach (string place in (string[])[$"oci-archive:{_folder["a.tar"]}:tag", $"oci:{_folder["c"]}:tag"])
            Assert.Equal(report.Images[0].Manifest.Digest, (await skopeo.RunAsync("inspect", "--format", "{{.Digest}}", place)).OrFail().Text);
        (await skopeo.RunAsync("copy", "--quiet", $"docker-archive:{_folder["b.tar"]}:example/x:1", $"dir:{_folder["d"]}")).OrFail();
        Assert.True(File.Exists(Path.Combine(_folder["d"], report.Images[0].ImageIds[0]["sha256:".Length..])));
    }

    [Fact]
    public async Task An_index_is_copied_whole_or_for_one_platform()
    {
        CopyProgram copy = new(_folder);
        string archive = FixtureCatalogue.Named("buildah128-manifest-list.tar").Path;
        CopyReport all = await copy.CopyAsync("--all-platforms", archive, $"docker://{registry.Host}/multi/all:1");
        CopyReport one = await copy.CopyAsync("--platform", "linux/arm64", $"docker://{registry.Host}/multi/all:1", $"oci:{_folder["arm"]}");
        Assert.Equal(2, all.Images[0].ImageIds.Count);
        Assert.Contains(Assert.Single(one.Images[0].ImageIds), all.Images[0].ImageIds);
        ProgramResult raw = await ExternalProgram.Require("skopeo").RunAsync("inspect", "--raw", "--tls-verify=false", $"docker://{registry.Host}/multi/all:1");
        Assert.Equal(all.Images[0].Manifest.Digest, "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(raw.OrFail().Output.Span)));
    }

    private async Task<(string Name, string Id, string Output)> BuildAsync()
    {
        ExternalProgram client = engine.Client;
        string? busybox = ExternalProgram.Find("busybox");
        Assert.SkipWhen(busybox is null, "busybox is not installed on this machine");
        string context = _folder["context"];
        Directory.CreateDirectory(context);
        File.Copy(busybox!, Path.Combine(context, "busybox"));
        await File.WriteAllTextAsync(Path.Combine(context, "Dockerfile"), Dockerfile, TestContext.Current.CancellationToken);
        (await client.RunAsync("build", "--quiet", "--network", "none", "--tag", "built/copied:1", context)).OrFail();
        return ("built/copied:1", await engine.ImageIdAsync("built/copied:1"), await RunAsync("built/copied:1"));
    }

    private async Task<string> RunAsync(string name) => (await engine.Client.RunAsync("run", "--rm", "--network", "none", name)).OrFail().Text;
}
