using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>Signatures go with their images through registries that list referrers and registries that cannot, and stay good.</summary>
public sealed class ReferrerTests(DistributionServer registry) : IClassFixture<DistributionServer>
{
    private const string Type = "application/vnd.example.signature";

    [Fact]
    public async Task A_signature_goes_through_registries_old_and_new_and_back()
    {
        using TemporaryFolder folder = new();
        using HttpClient http = new() { DefaultRequestHeaders = { { "Accept", "application/vnd.oci.image.index.v1+json" } } };
        CopyProgram ipdr = new(folder);
        string old = $"{registry.Host}/signed/app:1";
        string image = (await ipdr.CopyAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, "oci:" + folder["a"])).Images[0].Manifest.Digest;
        string signature = await SignAsync(folder["a"], image);

        await ipdr.CopyAsync("--referrers", "oci:" + folder["a"], $"docker://{old}");
        JsonNode list = (await http.GetFromJsonAsync<JsonNode>(new Uri($"http://{registry.Host}/v2/signed/app/manifests/{image.Replace(':', '-')}"), TestContext.Current.CancellationToken))!;
        Assert.Equal(signature, Assert.Single(list["manifests"]!.AsArray())!["digest"]!.GetValue<string>());

        await using IpdrServer server = await IpdrServer.StartAsync(folder["home"]);
        await ipdr.CopyAsync("--referrers", $"docker://{old}", $"docker://{server.Host}/signed/app:1");
        list = (await http.GetFromJsonAsync<JsonNode>(new Uri(server.Address, $"v2/signed/app/referrers/{image}"), TestContext.Current.CancellationToken))!;
        Assert.Equal((signature, Type), (list["manifests"]![0]!["digest"]!.GetValue<string>(), list["manifests"]![0]!["artifactType"]!.GetValue<string>()));

        await ipdr.CopyAsync("--referrers", $"docker://{server.Host}/signed/app:1", "oci:" + folder["b"]);
        (await IpdrProgram.Program.RunAsync("verify", folder["b"], "--strict")).OrFail();
        foreach (string blob in Directory.EnumerateFiles(folder["a/blobs/sha256"]))
            Assert.Equal(await File.ReadAllBytesAsync(blob, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(folder["b/blobs/sha256/" + Path.GetFileName(blob)], TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cosign_verifies_what_was_copied(bool subject)
    {
        ExternalProgram cosign = ExternalProgram.Require("cosign") with { Environment = new Dictionary<string, string> { ["COSIGN_PASSWORD"] = "", ["COSIGN_EXPERIMENTAL"] = "1" } };
        using TemporaryFolder folder = new();
        CopyProgram ipdr = new(folder);
        await using IpdrServer server = await IpdrServer.StartAsync(folder["home"]);
        string name = $"{server.Host}/team/app:{(subject ? 1 : 2)}", copy = $"{registry.Host}/team/app:{(subject ? 1 : 2)}";
        string[] reach = ["--allow-insecure-registry", "--allow-http-registry"];
        await ipdr.CopyAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, $"docker://{name}");
        (await cosign.RunAsync("generate-key-pair", "--output-key-prefix", folder["key"])).OrFail();
        (await cosign.RunAsync(["sign", "--yes", "--key", folder["key.key"], "--tlog-upload=false", .. subject ? ["--registry-referrers-mode=oci-1-1"] : Array.Empty<string>(), .. reach, name])).OrFail();

        await ipdr.CopyAsync("--referrers", $"docker://{name}", "oci:" + folder["a"]);
        await ipdr.CopyAsync("--referrers", "oci:" + folder["a"], $"docker://{copy}");
        (await cosign.RunAsync(["verify", "--key", folder["key.pub"], "--insecure-ignore-tlog", .. subject ? ["--experimental-oci11"] : Array.Empty<string>(), .. reach, copy])).OrFail();
    }

    // A signature of an image in a layout, as tools attach one: an entry without a name.
    private static async Task<string> SignAsync(string layout, string image)
    {
        string index = Path.Combine(layout, "index.json");
        JsonNode entries = JsonNode.Parse(await File.ReadAllBytesAsync(index, TestContext.Current.CancellationToken))!;
        JsonNode subject = entries["manifests"]!.AsArray().Single(entry => entry!["digest"]!.GetValue<string>() == image)!;
        JsonObject manifest = new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["artifactType"] = Type,
            ["config"] = await AddAsync(layout, "application/vnd.oci.empty.v1+json", "{}"u8.ToArray()),
            ["layers"] = new JsonArray(await AddAsync(layout, "application/octet-stream", "signed"u8.ToArray())),
            ["subject"] = new JsonObject { ["mediaType"] = subject["mediaType"]!.DeepClone(), ["digest"] = image, ["size"] = subject["size"]!.DeepClone() },
        };
        JsonObject entry = await AddAsync(layout, "application/vnd.oci.image.manifest.v1+json", Encoding.UTF8.GetBytes(manifest.ToJsonString()));
        entries["manifests"]!.AsArray().Add(entry);
        await File.WriteAllTextAsync(index, entries.ToJsonString(), TestContext.Current.CancellationToken);
        return entry["digest"]!.GetValue<string>();
    }

    private static async Task<JsonObject> AddAsync(string layout, string mediaType, byte[] content)
    {
        string hex = Convert.ToHexStringLower(SHA256.HashData(content));
        await File.WriteAllBytesAsync(Path.Combine(layout, "blobs", "sha256", hex), content, TestContext.Current.CancellationToken);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = $"sha256:{hex}", ["size"] = content.Length };
    }
}
