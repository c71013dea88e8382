using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ipdr.Cli.Tests;

/// <summary>Push and pull take along what refers to an image where that is asked for, and say so.</summary>
public sealed class ReferrerCommandTests : IDisposable
{
    private const string Type = "application/vnd.example.signature", ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private readonly CommandFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_signature_goes_into_a_car_and_comes_back_with_its_image()
    {
        (string image, string signature) = await SignAsync();
        using JsonDocument pushed = await JsonAsync("a", "push", "--referrers", $"oci:{_folder["layout"]}", "--to", $"car={_folder["image.car"]}");
        string cid = pushed.RootElement.GetProperty("cid").GetString()!;
        JsonElement went = Assert.Single(pushed.RootElement.GetProperty("referrers").EnumerateArray());
        Assert.Equal((signature, Type, image), (went.GetProperty("manifest").GetProperty("digest").GetString(), went.GetProperty("artifactType").GetString(), went.GetProperty("subject").GetString()));
        (_, string copied, _) = await RunAsync("a", "copy", "--referrers", $"oci:{_folder["layout"]}", $"universal:{_folder["universal"]}:{pushed.RootElement.GetProperty("name").GetString()}");
        Assert.Contains($"  referrer  {signature}  {Type}\n", copied, StringComparison.Ordinal);
        Assert.Equal(cid, (await RunAsync("a", "cid", "-s", _folder["universal"])).Output.Trim());
        Assert.Contains($"  referrer  {signature}  {Type}\n", (await RunAsync("a", "push", "--referrers", $"oci:{_folder["layout"]}")).Output, StringComparison.Ordinal);

        // By its name it is the image of the store, with what the store has of it.
        using JsonDocument named = await JsonAsync("a", "pull", "--referrers", pushed.RootElement.GetProperty("name").GetString()!, "--to", "store");
        Assert.Equal((cid, 1), (named.RootElement.GetProperty("cid").GetString(), named.RootElement.GetProperty("referrers").GetArrayLength()));

        string from = $"car:{_folder["image.car"]}";
        using JsonDocument pulled = await JsonAsync("b", "pull", "--referrers", cid, "--from", from, "--to", $"oci:{_folder["back"]}");
        Assert.Equal(signature, Assert.Single(pulled.RootElement.GetProperty("referrers").EnumerateArray()).GetProperty("manifest").GetProperty("digest").GetString());
        Assert.Equal((image, $"oci:{_folder["back"]}:1"), (pulled.RootElement.GetProperty("digest").GetString(), pulled.RootElement.GetProperty("reference").GetString()));
        foreach (string place in (string[])[$"oci:{_folder["back"]}", $"store:{cid}:1", $"ipfs://{cid}"])
            Assert.Contains(signature, (await RunAsync("b", "inspect", "--referrers", place)).Output, StringComparison.Ordinal);
        Assert.Equal($"oci:{_folder["more"]}:1\n", (await RunAsync("b", "pull", "-s", "--referrers", cid, "--to", $"oci:{_folder["more"]}")).Output);
        Assert.Contains($"  referrer  {signature}  {Type}\n", (await RunAsync("b", "pull", "--referrers", cid, "--to", "store")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_option_the_image_goes_alone()
    {
        (_, string signature) = await SignAsync();
        using JsonDocument pushed = await JsonAsync("a", "push", $"oci:{_folder["layout"]}", "--to", $"car={_folder["image.car"]}");
        Assert.Empty(pushed.RootElement.GetProperty("referrers").EnumerateArray());
        // What is in the archive, by its name and nothing else.
        Assert.Equal((await RunAsync("b", "push", "-s", await _folder.LargeArchiveAsync())).Output.Trim(), pushed.RootElement.GetProperty("cid").GetString());
        Assert.DoesNotContain(signature, (await RunAsync("a", "inspect", "--referrers", $"car:{_folder["image.car"]}")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_they_cannot_be_the_answer_is_no()
    {
        await SignAsync();
        string cid = (await RunAsync("a", "push", "-s", "--referrers", $"oci:{_folder["layout"]}")).Output.Trim();
        foreach (string[] arguments in (string[][])[["push", "--referrers", await _folder.LargeArchiveAsync()], ["push", "--referrers", "docker-daemon:large:1"], ["pull", "--referrers", cid, "--to", $"docker-archive:{_folder["out.tar"]}"], ["pull", "--referrers", cid, "--to", "docker-daemon"]])
        {
            (int code, string output, string error) = await RunAsync("a", arguments);
            Assert.Equal((1, ""), (code, output));
            Assert.Contains("this kind of place holds images only", error, StringComparison.Ordinal);
            Assert.Contains("leave --referrers out", error, StringComparison.Ordinal);
        }
        Assert.False(File.Exists(_folder["out.tar"]));
    }

    // The image of the large archive, and a signature of it as tools attach one: an entry without a name.
    private async Task<(string Image, string Signature)> SignAsync()
    {
        using JsonDocument converted = await JsonAsync("a", "convert", await _folder.LargeArchiveAsync(), "-o", _folder["layout"]);
        JsonElement image = converted.RootElement.GetProperty("images")[0].GetProperty("manifest");
        JsonObject manifest = new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["artifactType"] = Type,
            ["config"] = await AddAsync("application/vnd.oci.empty.v1+json", "{}"u8.ToArray()),
            ["layers"] = new JsonArray(await AddAsync("application/octet-stream", "signed"u8.ToArray())),
            ["subject"] = JsonNode.Parse(image.GetRawText()),
        };
        JsonObject entry = await AddAsync(ManifestType, Encoding.UTF8.GetBytes(manifest.ToJsonString()));
        string index = Path.Combine(_folder["layout"], "index.json");
        JsonNode entries = JsonNode.Parse(await File.ReadAllBytesAsync(index, Token))!;
        entries["manifests"]!.AsArray().Add(entry.DeepClone());
        await File.WriteAllTextAsync(index, entries.ToJsonString(), Token);
        return (image.GetProperty("digest").GetString()!, entry["digest"]!.GetValue<string>());
    }

    private async Task<JsonObject> AddAsync(string mediaType, byte[] content)
    {
        string hex = Convert.ToHexStringLower(SHA256.HashData(content));
        await File.WriteAllBytesAsync(Path.Combine(_folder["layout"], "blobs", "sha256", hex), content, Token);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = $"sha256:{hex}", ["size"] = content.Length };
    }

    private async Task<JsonDocument> JsonAsync(string home, params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync(home, [.. arguments, "--json"]);
        Assert.True(code == 0, error);
        return JsonDocument.Parse(output);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string home, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(IpdrProcess.Host, [IpdrProcess.Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["IPDR_HOME"] = _folder["home-" + home], ["IPFS_PATH"] = _folder["no-ipfs"], ["DOCKER_HOST"] = $"unix://{_folder["no-engine.sock"]}" },
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Token), error = process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, await output, await error);
    }
}
