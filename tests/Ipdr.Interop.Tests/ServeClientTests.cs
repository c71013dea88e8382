using System.Text.Json;
using Ipdr.Interop.Tests.Engines;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Layouts;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>The clients that people use push to <c>ipdr serve</c> and pull from it.</summary>
public sealed class ServeClientTests(DockerEngine engine, PodmanStore store) : IClassFixture<DockerEngine>, IClassFixture<PodmanStore>
{
    [Fact]
    public async Task Docker_pushes_pulls_and_runs_what_it_pulled()
    {
        ExternalProgram docker = engine.Client;
        using TemporaryFolder folder = new();
        await using IpdrServer server = await IpdrServer.StartAsync(folder["home"]);
        string name = $"{server.Host}/team/app:1.0";
        string id = await ImportAsync(docker, folder, name);
        (await docker.RunAsync("push", name)).OrFail();
        (await docker.RunAsync("tag", name, $"{server.Host}/other/app:2.0")).OrFail();
        (await docker.RunAsync("push", $"{server.Host}/other/app:2.0")).OrFail();            // asks for its layers to be mounted
        string digest = (await docker.RunAsync("image", "inspect", "--format", "{{index .RepoDigests 0}}", name)).OrFail().Text;

        (await docker.RunAsync("rmi", "--force", id)).OrFail();
        Assert.Contains("Downloaded newer image", (await docker.RunAsync("pull", name)).OrFail().Text, StringComparison.Ordinal);
        Assert.Equal(id, await engine.ImageIdAsync(name));
        Assert.Equal("it runs", (await docker.RunAsync("run", "--rm", "--network", "none", name)).OrFail().Text);
        (await docker.RunAsync("rmi", "--force", id)).OrFail();
        (await docker.RunAsync("pull", digest)).OrFail();
        Assert.Equal(id, await engine.ImageIdAsync(digest));
        Assert.Contains("manifest unknown", (await docker.RunAsync("pull", $"{server.Host}/team/app:none")).Errors, StringComparison.Ordinal);
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task Docker_pulls_an_image_by_its_cid_from_the_store_and_from_a_car()
    {
        ExternalProgram docker = engine.Client;
        using TemporaryFolder folder = new();
        string id, cid;
        await using (IpdrServer server = await IpdrServer.StartAsync(folder["home"]))
        {
            string name = $"{server.Host}/team/app:1.0";
            id = await ImportAsync(docker, folder, name);
            (await docker.RunAsync("push", name)).OrFail();
            cid = (await IpdrServer.Over(folder["home"]).RunAsync("dig", "team/app:1.0", "--short")).OrFail().Text;
            (await docker.RunAsync("rmi", "--force", id)).OrFail();
            (await docker.RunAsync("pull", $"{server.Host}/{cid}")).OrFail();
            Assert.Equal(id, await engine.ImageIdAsync($"{server.Host}/{cid}"));
            Assert.Equal("it runs", (await docker.RunAsync("run", "--rm", "--network", "none", $"{server.Host}/{cid}")).OrFail().Text);
            using HttpClient client = new();
            await File.WriteAllBytesAsync(folder["app.car"], await client.GetByteArrayAsync(new Uri(server.Address, $"/ipfs/{cid}?format=car"), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        }
        (await IpdrProgram.Program.RunAsync("car", "verify", folder["app.car"])).OrFail();
        await using IpdrServer served = await IpdrServer.StartAsync(folder["other"], folder["app.car"]);
        foreach (string name in (string[])[$"{served.Host}/{cid}", $"{served.Host}/team/app:1.0"])
        {
            (await docker.RunAsync("rmi", "--force", id)).OrFail();
            (await docker.RunAsync("pull", name)).OrFail();
            Assert.Equal(id, await engine.ImageIdAsync(name));
        }
        (await docker.RunAsync("rmi", "--force", id)).OrFail();
    }

    [Fact]
    public async Task A_server_fetches_from_another_one_as_its_gateway_and_keeps_what_came()
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        using TemporaryFolder folder = new();
        await IpdrProgram.ConvertAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, folder["layout"]);
        IpdrServer origin = await IpdrServer.StartAsync(folder["origin"]);
        await using IpdrServer near = await IpdrServer.StartAsync(folder["near"], "--ipfs-gateway", origin.Address.ToString());
        (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false", "oci:" + folder["layout"], $"docker://{origin.Host}/team/app:1.0")).OrFail();
        string cid = (await IpdrServer.Over(folder["origin"]).RunAsync("dig", "team/app:1.0", "--short")).OrFail().Text;
        (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--src-tls-verify=false", $"docker://{near.Host}/{cid}", "dir:" + folder["first"])).OrFail();
        Assert.Equal(0, await origin.StopAsync());
        await origin.DisposeAsync();
        (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--src-tls-verify=false", $"docker://{near.Host}/{cid}", "dir:" + folder["second"])).OrFail();
        foreach (string file in Directory.EnumerateFiles(folder["first"]))
            Assert.Equal(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(Path.Combine(folder["second"], Path.GetFileName(file)), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Docker_logs_in_to_push_and_to_pull()
    {
        ExternalProgram docker = engine.Client, htpasswd = ExternalProgram.Require("htpasswd");
        using TemporaryFolder folder = new();
        string users = (await htpasswd.RunAsync("-nbBC", "5", "ann", "secret")).OrFail().Text;
        await File.WriteAllTextAsync(folder["htpasswd"], users, TestContext.Current.CancellationToken);
        await using IpdrServer server = await IpdrServer.StartAsync(folder["home"], "--htpasswd", folder["htpasswd"]);
        string name = $"{server.Host}/team/app:1.0";
        string id = await ImportAsync(docker, folder, name);
        Assert.False((await docker.RunAsync("push", name)).Succeeded);
        await File.WriteAllTextAsync(folder["password"], "secret", TestContext.Current.CancellationToken);
        (await docker.RunAsync(folder["password"], ["login", "--username", "ann", "--password-stdin", server.Host])).OrFail();
        (await docker.RunAsync("push", name)).OrFail();
        (await docker.RunAsync("rmi", "--force", id)).OrFail();
        (await docker.RunAsync("pull", name)).OrFail();
        (await docker.RunAsync("rmi", "--force", id)).OrFail();
        (await docker.RunAsync("logout", server.Host)).OrFail();
        Assert.False((await docker.RunAsync("pull", name)).Succeeded);
    }

    [Theory]
    [InlineData("podman")]
    [InlineData("buildah")]
    public async Task Podman_and_buildah_push_and_pull(string program)
    {
        ExternalProgram client = program == "podman" ? store.Podman : store.Buildah;
        using TemporaryFolder folder = new();
        await using IpdrServer server = await IpdrServer.StartAsync(folder["home"]);
        string id = await store.ImageIdAsync(await store.LoadAsync(FixtureCatalogue.Named("docker2010-one.tar").Path));
        string name = $"{server.Host}/team/{program}:1.0";
        (await client.RunAsync("push", "--tls-verify=false", id["sha256:".Length..], "docker://" + name)).OrFail();
        (await store.Podman.RunAsync("rmi", "--force", id)).OrFail();
        string pulled = (await client.RunAsync("pull", "--quiet", "--tls-verify=false", name)).OrFail().Text;
        Assert.Equal(id, "sha256:" + pulled.Split('\n')[^1]);
        (await store.Podman.RunAsync("rmi", "--force", id)).OrFail();
    }

    [Fact]
    public async Task Skopeo_copies_in_and_out_inspects_lists_syncs_and_deletes()
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        using TemporaryFolder folder = new();
        await using IpdrServer server = await IpdrServer.StartAsync(folder["home"]);
        await IpdrProgram.ConvertAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, folder["layout"]);
        string name = $"docker://{server.Host}/team/app:1.0";
        (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--all", "--dest-tls-verify=false", "oci:" + folder["layout"], name)).OrFail();
        ProgramResult raw = (await skopeo.RunAsync("inspect", "--raw", "--tls-verify=false", name)).OrFail();
        OciLayoutFolder layout = new(folder["layout"]);
        Assert.Equal(layout.Document(Assert.Single(layout.Images)), raw.Output.ToArray());
        Assert.Contains("\"1.0\"", (await skopeo.RunAsync("list-tags", "--tls-verify=false", $"docker://{server.Host}/team/app")).OrFail().Text, StringComparison.Ordinal);

        (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--src-tls-verify=false", "--dest-tls-verify=false", name, $"docker://{server.Host}/team/copy:1")).OrFail();
        (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--src-tls-verify=false", name, "dir:" + folder["out"])).OrFail();
        Assert.Equal(raw.Output.ToArray(), await File.ReadAllBytesAsync(Path.Combine(folder["out"], "manifest.json"), TestContext.Current.CancellationToken));
        (await skopeo.RunAsync("--insecure-policy", "sync", "--src-tls-verify=false", "--src", "docker", "--dest", "dir", $"{server.Host}/team/app", folder["synced"])).OrFail();
        Assert.True(File.Exists(Path.Combine(folder["synced"], "app:1.0", "manifest.json")));

        (await skopeo.RunAsync("delete", "--tls-verify=false", name)).OrFail();
        Assert.False((await skopeo.RunAsync("inspect", "--raw", "--tls-verify=false", name)).Succeeded);
        (await skopeo.RunAsync("inspect", "--raw", "--tls-verify=false", $"docker://{server.Host}/team/copy:1")).OrFail();

        ExternalProgram ipdr = IpdrServer.Over(folder["home"]);
        using JsonDocument listed = JsonDocument.Parse((await ipdr.RunAsync("list", "--json")).OrFail().Output);
        Assert.Equal("team/copy", Assert.Single(listed.RootElement.GetProperty("images").EnumerateArray()).GetProperty("repository").GetString());
        (await ipdr.RunAsync("rm", "team/copy:1")).OrFail();
        (await ipdr.RunAsync("gc", "--grace", "0")).OrFail();
        Assert.Empty(Directory.EnumerateFiles(folder["home/blobs"], "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("registry-v2")]
    [InlineData("universal")]
    public async Task Layouts_are_served_as_they_are(string layout)
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        using TemporaryFolder folder = new();
        ConversionReport report = await IpdrProgram.ConvertAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, folder["layout"], "--layout", layout);
        await using IpdrServer server = await IpdrServer.StartAsync(folder["home"], folder["layout"]);
        foreach (string reference in (string[])[":1.0", "@" + report.Images[0].Manifest.Digest])
        {
            using TemporaryFolder copy = new();
            (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--src-tls-verify=false", $"docker://{server.Host}/fixture/one{reference}", $"dir:{copy["to"]}")).OrFail();
        }
        Assert.False((await skopeo.RunAsync("delete", "--tls-verify=false", $"docker://{server.Host}/fixture/one:1.0")).Succeeded);
        Assert.False(Directory.Exists(folder["home"]));
    }

    private static async Task<string> ImportAsync(ExternalProgram docker, TemporaryFolder folder, string name)
    {
        string? busybox = ExternalProgram.Find("busybox");
        Assert.SkipWhen(busybox is null, "busybox is not installed on this machine");
        Directory.CreateDirectory(folder["root"]);
        File.Copy(busybox!, Path.Combine(folder["root"], "busybox"));
        (await ExternalProgram.Require("tar").RunAsync("-cf", folder["root.tar"], "-C", folder["root"], ".")).OrFail();
        return (await docker.RunAsync("import", "--change", "CMD [\"/busybox\", \"echo\", \"it runs\"]", folder["root.tar"], name)).OrFail().Text;
    }
}
