using System.Diagnostics;
using System.Text.Json;
using Ipdr.Oci.Car;
using Ipdr.Oci.Tests.Gateways;

namespace Ipdr.Cli.Tests;

/// <summary>Push and pull as processes, with no engine and no daemon.</summary>
public sealed class PushPullCommandTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_image_goes_into_a_car_and_comes_back_the_same()
    {
        string archive = await _folder.LargeArchiveAsync();
        (int code, string cid, string error) = await RunAsync("a", "push", archive, "--to", $"car={_folder["image.car"]}", "-s");
        Assert.Equal((0, ""), (code, error));
        cid = cid.Trim();
        Assert.StartsWith("bafybei", cid, StringComparison.Ordinal);
        (_, string convert, _) = await RunAsync("a", "convert", archive, "--layout", "universal", "-o", _folder["layout"], "--json");
        Assert.Equal(cid, JsonDocument.Parse(convert).RootElement.GetProperty("cid").GetString());

        using JsonDocument pulled = await JsonAsync("b", "pull", cid, "--from", $"car:{_folder["image.car"]}", "--to", $"oci:{_folder["back"]}");
        Assert.Equal(JsonDocument.Parse(convert).RootElement.GetProperty("images")[0].GetProperty("imageId").GetString(), pulled.RootElement.GetProperty("imageIds")[0].GetString());
        Assert.Equal(Blobs(_folder["layout"]), Blobs(_folder["back"]));
        // What was fetched is here now, under the same CID.
        using JsonDocument again = await JsonAsync("b", "pull", cid, "--to", "store");
        Assert.Equal(0, again.RootElement.GetProperty("fetchedBytes").GetInt64());
        using JsonDocument listed = await JsonAsync("b", "list");
        Assert.Equal(cid, Assert.Single(listed.RootElement.GetProperty("images").EnumerateArray()).GetProperty("cid").GetString());
        (_, string pushed, _) = await RunAsync("c", "push", $"car:{_folder["image.car"]}", "-s");
        Assert.Equal(cid, pushed.Trim());
    }

    [Fact]
    public async Task The_same_image_has_the_same_cid_from_a_pipe_and_as_a_layout()
    {
        string archive = await _folder.LargeArchiveAsync();
        string[] cids = new string[3];
        (_, cids[0], _) = await RunAsync("a", "push", archive, "-s");
        using (Process process = Start("b", "push", "-", "-s"))
        {
            await using (FileStream file = File.OpenRead(archive))
                await file.CopyToAsync(process.StandardInput.BaseStream, Token);
            process.StandardInput.Close();
            cids[1] = await process.StandardOutput.ReadToEndAsync(Token);
        }
        await RunAsync("c", "convert", archive, "-o", _folder["layout"]);
        (_, cids[2], _) = await RunAsync("c", "push", $"oci:{_folder["layout"]}", "-s");
        Assert.Single(cids.Distinct());
        Assert.NotEmpty(cids[0].Trim());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task What_an_archive_has_in_place_of_a_layer_that_the_store_knows_is_not_read(string compression)
    {
        Assert.Equal(0, (await RunAsync("a", "convert", await _folder.LargeArchiveAsync(), "--compression", compression, "-o", _folder["layout"])).Code);
        Assert.Equal(0, (await RunAsync("a", "copy", $"oci:{_folder["layout"]}", $"oci-archive:{_folder["image.tar"]}")).Code);
        (int code, string cid, _) = await RunAsync("a", "push", _folder["image.tar"], "-s");
        Assert.Equal(0, code);

        // Far from its start, so that it still looks like what it was.
        FileInfo layer = new DirectoryInfo(Path.Combine(_folder["layout"], "blobs", "sha256")).EnumerateFiles().MaxBy(file => file.Length)!;
        byte[] archive = await File.ReadAllBytesAsync(_folder["image.tar"], Token), content = await File.ReadAllBytesAsync(layer.FullName, Token);
        archive[archive.AsSpan().IndexOf(content) + content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(_folder["image.tar"], archive, Token);

        Assert.Equal((0, cid), await RunAsync("a", "push", _folder["image.tar"], "-s") is var again ? (again.Code, again.Output) : default);
        Assert.Equal(0, (await RunAsync("a", "verify", "store:")).Code);
        (code, _, string error) = await RunAsync("b", "push", _folder["image.tar"], "-s");
        Assert.Equal(1, code);
        Assert.Contains(layer.Name, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_rotted_in_the_store_is_not_handed_over_and_can_be_mended()
    {
        string archive = await _folder.LargeArchiveAsync();
        (_, string cid, _) = await RunAsync("a", "push", archive, "-s");
        FileInfo layer = new DirectoryInfo(Path.Combine(_folder["home-a"], "blobs", "sha256")).EnumerateFiles().MaxBy(file => file.Length)!;
        byte[] content = await File.ReadAllBytesAsync(layer.FullName, Token);
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(layer.FullName, content, Token);

        (int code, _, string error) = await RunAsync("a", "push", archive, "--to", $"car={_folder["image.car"]}", "-s");
        Assert.Equal(1, code);
        Assert.Contains("--repair-from", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["image.car"]));

        await RunAsync("a", "convert", archive, "-o", _folder["layout"]);
        Assert.Equal(0, (await RunAsync("a", "verify", "store:", "--repair-from", _folder["layout"])).Code);
        Assert.Equal((0, cid), await RunAsync("a", "push", archive, "--to", $"car={_folder["image.car"]}", "-s") is var again ? (again.Code, again.Output) : default);
        Assert.True(File.Exists(_folder["image.car"]));
    }

    [Fact]
    public async Task A_pull_succeeds_with_two_bad_gateways_of_three_and_names_them()
    {
        string cid = await PushAsync();
        using CarFile car = await CarFile.OpenAsync(_folder["image.car"], cancellationToken: Token);
        await using GatewayServer liar = GatewayServer.Start(car, Misdeed.WrongBytes), portal = GatewayServer.Start(car, Misdeed.Html), honest = GatewayServer.Start(car);
        (int code, string output, string error) = await RunAsync("b", "pull", cid, "--from", $"{liar.Address}", "--from", $"{portal.Address}", "--ipfs-gateway", $"{honest.Address}", "--to", $"oci:{_folder["back"]}");
        Assert.Equal(0, code);
        Assert.Contains($"127.0.0.1:{liar.Address.Port} is not asked any more", error, StringComparison.Ordinal);
        Assert.Contains("digest-mismatch", error, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{portal.Address.Port} is not asked any more", error, StringComparison.Ordinal);
        Assert.DoesNotContain($"127.0.0.1:{honest.Address.Port} is not", error, StringComparison.Ordinal);
        Assert.Contains("oci:", output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("b", "verify", $"oci:{_folder["back"]}")).Code);
    }

    [Fact]
    public async Task When_all_gateways_are_bad_the_message_says_what_each_did()
    {
        string cid = await PushAsync();
        using CarFile car = await CarFile.OpenAsync(_folder["image.car"], cancellationToken: Token);
        await using GatewayServer liar = GatewayServer.Start(car, Misdeed.WrongBytes), broken = GatewayServer.Start(car, Misdeed.ServerError);
        (int code, _, string error) = await RunAsync("b", "pull", cid, "--from", $"{liar.Address}", "--from", $"{broken.Address}", "--to", "store");
        Assert.Equal(1, code);
        Assert.Contains("sources-failed", error, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{broken.Address.Port}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateways_are_found_through_a_routing_server()
    {
        string cid = await PushAsync();
        using CarFile car = await CarFile.OpenAsync(_folder["image.car"], cancellationToken: Token);
        await using GatewayServer gateway = GatewayServer.Start(car);
        string answer = $$"""{"Providers":[{"Schema":"peer","ID":"x","Addrs":["/ip4/127.0.0.1/tcp/{{gateway.Address.Port}}/http"],"Protocols":["transport-ipfs-gateway-http"]}]}""";
        await using GatewayServer routing = GatewayServer.Start(car, path =>
            path.StartsWith("/routing/v1/", StringComparison.Ordinal) ? ("application/json", System.Text.Encoding.UTF8.GetBytes(answer)) : null);
        using JsonDocument pulled = await JsonAsync("b", "pull", cid, "--routing", $"{routing.Address}", "--to", "store");
        Assert.Equal(gateway.Address.ToString().TrimEnd('/'), pulled.RootElement.GetProperty("sources")[0].GetProperty("source").GetString());
    }

    [Fact]
    public async Task A_name_leads_to_the_cid()
    {
        string cid = await PushAsync();
        Directory.CreateDirectory(_folder["names/team/app"]);
        await File.WriteAllTextAsync(_folder["names/team/app/1"], cid + "\n", Token);
        using JsonDocument own = await JsonAsync("a", "pull", "large:1", "--to", "store");
        Assert.Equal(cid, own.RootElement.GetProperty("cid").GetString());
        using JsonDocument resolved = await JsonAsync("b", "pull", "team/app:1", "--cid-resolver", $"file:{_folder["names"]}", "--from", $"car:{_folder["image.car"]}", "--to", "store");
        Assert.Equal(cid, resolved.RootElement.GetProperty("cid").GetString());
        Assert.Equal(1, (await RunAsync("b", "pull", "no/such:1", "--to", "store")).Code);
    }

    [Fact]
    public async Task An_archive_on_standard_output_is_all_that_is_there()
    {
        string cid = await PushAsync();
        using Process process = Start("b", "pull", cid, "--from", $"car:{_folder["image.car"]}", "--to", "docker-archive:-");
        await using (FileStream file = File.Create(_folder["out.tar"]))
            await process.StandardOutput.BaseStream.CopyToAsync(file, Token);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(0, (await RunAsync("b", "verify", _folder["out.tar"])).Code);
    }

    [Fact]
    public async Task A_layout_calls_the_image_by_its_tag_or_as_it_was_asked_to()
    {
        string cid = await PushAsync();
        foreach ((string place, string label) in new[] { ($"oci:{_folder["a"]}", "1"), ($"universal:{_folder["b"]}", "1"), ($"oci:{_folder["c"]}:mine", "mine") })
        {
            (int code, string reference, string error) = await RunAsync("b", "pull", cid, "--from", $"car:{_folder["image.car"]}", "--to", place, "-s");
            Assert.Equal((0, ""), (code, error));
            string folder = place.Split(':')[1];
            Assert.Equal($"oci:{folder}:{label}", reference.Trim());
            using JsonDocument index = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "index.json"), Token));
            JsonProperty annotation = Assert.Single(Assert.Single(index.RootElement.GetProperty("manifests").EnumerateArray()).GetProperty("annotations").EnumerateObject());
            Assert.Equal(("org.opencontainers.image.ref.name", label), (annotation.Name, annotation.Value.GetString()));
        }
    }

    [Fact]
    public async Task A_cid_is_a_place_to_copy_from_and_to_look_into()
    {
        string cid = await PushAsync();
        using CarFile car = await CarFile.OpenAsync(_folder["image.car"], cancellationToken: Token);
        await using GatewayServer gateway = GatewayServer.Start(car);
        using JsonDocument pulled = await JsonAsync("b", "pull", cid, "--from", $"{gateway.Address}", "--to", $"oci:{_folder["pulled"]}");
        string digest = pulled.RootElement.GetProperty("digest").GetString()!;

        (int code, string copied, string error) = await RunAsync("c", "copy", $"ipfs://{cid}", $"oci:{_folder["copied"]}", "--from", $"{gateway.Address}", "-s");
        Assert.Equal((0, "", digest), (code, error, copied.Trim()));
        Assert.Equal(Blobs(_folder["pulled"]), Blobs(_folder["copied"]));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(_folder["pulled"], "index.json"), Token), await File.ReadAllTextAsync(Path.Combine(_folder["copied"], "index.json"), Token));

        (_, string inspected, _) = await RunAsync("d", "inspect", $"/ipfs/{cid}", "--from", $"{gateway.Address}", "--json");
        Assert.Contains(digest, inspected, StringComparison.Ordinal);
        Assert.Contains(cid, inspected, StringComparison.Ordinal);
        // The store has it: nobody else is needed, and the CID stays.
        Assert.Equal(digest, (await RunAsync("a", "inspect", cid, "-s")).Output.Trim());
        Assert.Equal(cid, (await RunAsync("a", "push", $"ipfs://{cid}", "--to", $"car={_folder["again.car"]}", "-s")).Output.Trim());
        Assert.Equal(await File.ReadAllBytesAsync(_folder["image.car"], Token), await File.ReadAllBytesAsync(_folder["again.car"], Token));
    }

    [Fact]
    public async Task A_cid_that_cannot_be_copied_from_says_why()
    {
        string cid = await PushAsync();
        (int code, _, string error) = await RunAsync("a", "copy", $"ipfs://{cid}/blobs", $"oci:{_folder["x"]}");
        Assert.Equal(1, code);
        Assert.Contains("bad-reference", error, StringComparison.Ordinal);
        (code, _, error) = await RunAsync("b", "inspect", cid);
        Assert.Equal(1, code);
        Assert.Contains(cid, error, StringComparison.Ordinal);
        (code, _, error) = await RunAsync("a", "copy", _folder["large.tar"], $"ipfs://{cid}");
        Assert.Equal(1, code);
        Assert.Contains("cannot be copied to", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("push")]
    [InlineData("push", "x", "--to", "nowhere")]
    [InlineData("push", "x", "--to", "car")]
    [InlineData("push", "x", "--to", "cluster=http://127.0.0.1", "--replication", "3:2")]
    [InlineData("pull")]
    [InlineData("pull", "bafkqaaa/path")]
    [InlineData("pull", "bafkqaaa", "--platform", "linux/amd64", "--all-platforms")]
    public async Task A_wrong_command_line_gives_exit_code_2(params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync("a", arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task A_pull_that_nobody_can_serve_says_what_to_do()
    {
        (int code, _, string error) = await RunAsync("a", "pull", "bafybeicec7u2zditp7lpmla6gq7cqppu4ocqykkp7q32s2sz7gtf3gut5a", "--to", "store");
        Assert.Equal(1, code);
        Assert.Contains("--from", error, StringComparison.Ordinal);
    }

    private static string[] Blobs(string layout) =>
        [.. Directory.EnumerateFiles(Path.Combine(layout, "blobs", "sha256")).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    private async Task<string> PushAsync()
    {
        (int code, string cid, string error) = await RunAsync("a", "push", await _folder.LargeArchiveAsync(), "--to", $"car={_folder["image.car"]}", "-s");
        Assert.True(code == 0, error);
        return cid.Trim();
    }

    private async Task<JsonDocument> JsonAsync(string home, params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync(home, [.. arguments, "--json"]);
        Assert.True(code == 0, error);
        return JsonDocument.Parse(output);
    }

    private Process Start(string home, params string[] arguments) => Process.Start(new ProcessStartInfo(IpdrProcess.Host, [IpdrProcess.Program, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["IPDR_HOME"] = _folder["home-" + home], ["IPFS_PATH"] = _folder["no-ipfs"], ["DOCKER_HOST"] = $"unix://{_folder["no-engine.sock"]}" },
    })!;

    private async Task<(int Code, string Output, string Error)> RunAsync(string home, params string[] arguments)
    {
        using Process process = Start(home, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(Token), error = process.StandardError.ReadToEndAsync(Token);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, await output, await error);
    }
}
