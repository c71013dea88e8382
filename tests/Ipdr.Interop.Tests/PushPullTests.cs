using System.Text.Json;
using Ipdr.Interop.Tests.Engines;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>The two famous lines, with a real Docker engine and a real IPFS daemon.</summary>
public sealed class PushPullTests(DockerEngine engine, IpfsDaemon daemon) : IClassFixture<DockerEngine>, IClassFixture<IpfsDaemon>
{
    private const string Dockerfile = """
        FROM scratch
        COPY busybox /bin/busybox
        COPY random /data/random
        RUN ["/bin/busybox", "sh", "-c", "/bin/busybox --install /bin; echo TOLD > /data/told; ln /data/told /data/link"]
        ENV GREETING=hello
        CMD ["sh", "-c", "echo $GREETING; cat /data/told /data/link; md5sum /data/random"]
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("store")]
    [InlineData("car")]
    [InlineData("kubo")]
    public async Task An_image_is_built_pushed_removed_pulled_and_runs_as_before(string way)
    {
        using TemporaryFolder folder = new();
        string where = way == "kubo" ? daemon.Address : "";
        string name = await BuildAsync(folder, $"way-{way}", way);
        string id = await engine.ImageIdAsync(name), output = await OutputAsync(name);
        Assert.StartsWith($"hello\n{way}\n{way}\n", output, StringComparison.Ordinal);

        string[] to = way switch { "store" => [], "car" => ["--to", $"car={folder["image.car"]}"], _ => ["--to", $"kubo={where}"] };
        string cid = (await Ipdr(folder, "a").RunAsync(["push", name, "-s", .. to])).OrFail().Text;
        (await engine.Client.RunAsync("rmi", "--force", id)).OrFail();

        string[] from = way switch { "store" => [], "car" => ["--from", $"car:{folder["image.car"]}"], _ => ["--ipfs-host", where] };
        // Only the store's own pull may know the image already.
        string reference = (await Ipdr(folder, way == "store" ? "a" : "b").RunAsync(["pull", cid, "-s", .. from])).OrFail().Text;

        Assert.StartsWith("docker.localhost:5000/ciq", reference, StringComparison.Ordinal);
        Assert.Equal(id, await engine.ImageIdAsync(reference));
        Assert.Equal(output, await OutputAsync(reference));
    }

    [Fact]
    public async Task A_base_that_was_pushed_before_is_not_compressed_again()
    {
        using TemporaryFolder folder = new();
        string first = await BuildAsync(folder, "shared-1", "one"), second = await BuildAsync(folder, "shared-2", "two");
        string firstCid = (await Ipdr(folder, "a").RunAsync("push", first, "-s")).OrFail().Text;
        string secondCid = (await Ipdr(folder, "a").RunAsync("push", second, "-s")).OrFail().Text;
        // Alone, in another store, it gets the same CID.
        Assert.Equal(secondCid, (await Ipdr(folder, "b").RunAsync("push", second, "-s")).OrFail().Text);
        Assert.NotEqual(firstCid, secondCid);
    }

    [Fact]
    public async Task Skopeo_reads_what_was_pushed()
    {
        using TemporaryFolder folder = new();
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        string name = await BuildAsync(folder, "others", "others");
        string id = await engine.ImageIdAsync(name);
        string cid = (await Ipdr(folder, "a").RunAsync("push", name, "-s")).OrFail().Text;
        (await Ipdr(folder, "a").RunAsync("pull", cid, "--to", $"oci:{folder["layout"]}:1")).OrFail();
        string config = (await skopeo.RunAsync("inspect", "--config", "--raw", $"oci:{folder["layout"]}:1")).OrFail().Text;
        Assert.Equal(id, "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(config))));

        await using IpdrServer server = await IpdrServer.StartAsync(Path.Combine(folder.Path, "home-a"));
        string served = JsonDocument.Parse((await skopeo.RunAsync("inspect", "--tls-verify=false", $"docker://{server.Host}/{name}")).OrFail().Text).RootElement.GetProperty("Digest").GetString()!;
        Assert.StartsWith("sha256:", served, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_v2_dag_as_the_first_ipdr_made_it_is_pulled()
    {
        using TemporaryFolder folder = new();
        string name = await BuildAsync(folder, "old", "old");
        string id = await engine.ImageIdAsync(name), output = await OutputAsync(name);
        (await engine.Client.RunAsync("save", "--output", folder["saved.tar"], name)).OrFail();
        // The shape of the first IPDR: one repository, CIDs of version 0 with ipfs add's own rules.
        (await Ipdr(folder, "a").RunAsync("convert", folder["saved.tar"], "--layout", "registry-v2", "-o", folder["v2"])).OrFail();
        string repository = Path.GetDirectoryName(Directory.EnumerateDirectories(folder["v2"], "manifests", SearchOption.AllDirectories).Single())!;
        string cid = (await Ipdr(folder, "a").RunAsync("cid", repository, "--profile", "unixfs-v0-2015", "--car", folder["old.car"], "-s")).OrFail().Text;
        Assert.StartsWith("Qm", cid, StringComparison.Ordinal);
        string legacy = (await Ipdr(folder, "a").RunAsync("convert", cid, "--format", "docker")).OrFail().Text;
        (await engine.Client.RunAsync("rmi", "--force", id)).OrFail();

        string reference = (await Ipdr(folder, "b").RunAsync("pull", legacy, "--from", $"car:{folder["old.car"]}", "-s")).OrFail().Text;

        Assert.Equal($"docker.localhost:5000/{legacy}:1", reference);
        Assert.Equal(id, await engine.ImageIdAsync(reference));
        Assert.Equal(output, await OutputAsync(reference));
    }

    [Fact]
    public async Task A_daemon_that_has_the_base_is_sent_the_rest_and_holds_all_of_it()
    {
        using TemporaryFolder folder = new();
        string name = await BuildAsync(folder, "twice", "twice");
        using JsonDocument first = JsonDocument.Parse((await Ipdr(folder, "a").RunAsync("push", name, "--to", $"kubo={daemon.Address}", "--json")).OrFail().Text);
        using JsonDocument second = JsonDocument.Parse((await Ipdr(folder, "a").RunAsync("push", name, "--to", $"kubo={daemon.Address}", "--json")).OrFail().Text);
        Assert.True(first.RootElement.GetProperty("destinations")[0].GetProperty("blocks").GetInt64() > 0);
        Assert.Equal(0, second.RootElement.GetProperty("destinations")[0].GetProperty("blocks").GetInt64());
        using HttpClient client = new();
        using HttpResponseMessage pinned = await client.PostAsync($"{daemon.Address}/api/v0/pin/ls?type=recursive&cid-base=base32&arg={first.RootElement.GetProperty("cid").GetString()}", null, Token);
        Assert.True(pinned.IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_image_as_nerdctl_pushes_it_is_pulled()
    {
        using TemporaryFolder folder = new();
        string name = await BuildAsync(folder, "nerd", "nerd");
        string id = await engine.ImageIdAsync(name), output = await OutputAsync(name);
        (await engine.Client.RunAsync("save", "--output", folder["saved.tar"], name)).OrFail();
        (await Ipdr(folder, "a").RunAsync("convert", folder["saved.tar"], "-o", folder["layout"])).OrFail();
        (await engine.Client.RunAsync("rmi", "--force", id)).OrFail();
        string cid = await NerdctlImage.WriteAsync(Ipdr(folder, "a"), folder["layout"], folder["nerdctl"]);

        string[] cars = [.. Directory.EnumerateFiles(folder["nerdctl"], "*.car").SelectMany(car => new[] { "--from", $"car:{car}" })];
        string reference = (await Ipdr(folder, "b").RunAsync(["pull", $"ipfs://{cid}", "-s", .. cars])).OrFail().Text;

        Assert.Equal(id, await engine.ImageIdAsync(reference));
        Assert.Equal(output, await OutputAsync(reference));
    }

    private ExternalProgram Ipdr(TemporaryFolder folder, string home) => IpdrProgram.Program with
    {
        Environment = new Dictionary<string, string>
        {
            ["IPDR_HOME"] = folder[$"home-{home}"],
            ["IPFS_PATH"] = folder["no-ipfs"],
            ["DOCKER_HOST"] = engine.Host,
        },
    };

    private async Task<string> BuildAsync(TemporaryFolder folder, string name, string told)
    {
        ExternalProgram client = engine.Client;
        string? busybox = ExternalProgram.Find("busybox");
        Assert.SkipWhen(busybox is null, "busybox is not installed on this machine");
        string context = folder[$"context-{name}"];
        Directory.CreateDirectory(context);
        File.Copy(busybox!, Path.Combine(context, "busybox"));
        byte[] random = new byte[3 << 20];
        new Random(7).NextBytes(random);
        await File.WriteAllBytesAsync(Path.Combine(context, "random"), random, Token);
        await File.WriteAllTextAsync(Path.Combine(context, "Dockerfile"), Dockerfile.Replace("TOLD", told, StringComparison.Ordinal), Token);
        (await client.RunAsync("build", "--quiet", "--network", "none", "--tag", $"built/{name}:1", context)).OrFail();
        return $"built/{name}:1";
    }

    private async Task<string> OutputAsync(string name) => (await engine.Client.RunAsync("run", "--rm", "--pull", "never", "--network", "none", name)).OrFail().Text;
}
