using Ipdr.Interop.Tests.Engines;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>containerd pulls from <c>ipdr serve</c>, by name and by CID, and pushes to it.</summary>
public sealed class ContainerdTests
{
    [Fact]
    public async Task Ctr_pulls_by_name_and_by_cid_and_pushes()
    {
        await using Containerd containerd = await Containerd.RequireAsync();
        ExternalProgram ctr = containerd.Client, skopeo = ExternalProgram.Require("skopeo");
        using TemporaryFolder folder = new();
        await IpdrProgram.ConvertAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, folder["layout"]);
        await using IpdrServer server = await IpdrServer.StartAsync(folder["home"]);
        (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false", "oci:" + folder["layout"], $"docker://{server.Host}/team/app:1.0")).OrFail();
        string cid = (await IpdrServer.Over(folder["home"]).RunAsync("dig", "team/app:1.0", "--short")).OrFail().Text;
        foreach (string name in (string[])[$"{server.Host}/team/app:1.0", $"{server.Host}/{cid}:latest"])
            (await ctr.RunAsync("images", "pull", "--plain-http", "--snapshotter", "native", name)).OrFail();
        (await ctr.RunAsync("images", "tag", $"{server.Host}/{cid}:latest", $"{server.Host}/from/ctr:2")).OrFail();
        (await ctr.RunAsync("images", "push", "--plain-http", $"{server.Host}/from/ctr:2")).OrFail();
        string digest = (await skopeo.RunAsync("inspect", "--format", "{{.Digest}}", "--tls-verify=false", $"docker://{server.Host}/team/app:1.0")).OrFail().Text;
        Assert.Equal(digest, (await skopeo.RunAsync("inspect", "--format", "{{.Digest}}", "--tls-verify=false", $"docker://{server.Host}/from/ctr:2")).OrFail().Text);
    }
}
