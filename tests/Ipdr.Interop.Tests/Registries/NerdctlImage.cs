using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests.Registries;

/// <summary>An image in the form that <c>nerdctl push ipfs://</c> gives it: each blob a file of its own, each descriptor with the address of its blob.</summary>
internal static class NerdctlImage
{
    /// <summary>Writes a CAR for each file, and gives the CID of the descriptor that stands for the image.</summary>
    /// <param name="ipdr">The program.</param>
    /// <param name="layout">An OCI layout with one image.</param>
    /// <param name="folder">Where the CARs go.</param>
    public static async Task<string> WriteAsync(ExternalProgram ipdr, string layout, string folder)
    {
        Directory.CreateDirectory(folder);
        JsonNode index = JsonNode.Parse(await File.ReadAllBytesAsync(Path.Combine(layout, "index.json"), TestContext.Current.CancellationToken))!;
        JsonNode entry = index["manifests"]![0]!;
        JsonNode manifest = JsonNode.Parse(await File.ReadAllBytesAsync(Blob(layout, entry), TestContext.Current.CancellationToken))!;
        foreach (JsonNode? descriptor in (IEnumerable<JsonNode?>)[manifest["config"], .. manifest["layers"]!.AsArray()])
            descriptor!["urls"] = new JsonArray($"ipfs://{await AddAsync(ipdr, Blob(layout, descriptor), folder)}");
        JsonObject top = await DescribeAsync(ipdr, manifest, "application/vnd.oci.image.manifest.v1+json", folder);
        JsonObject newIndex = new() { ["schemaVersion"] = 2, ["mediaType"] = "application/vnd.oci.image.index.v1+json", ["manifests"] = new JsonArray(top) };
        JsonObject root = await DescribeAsync(ipdr, newIndex, "application/vnd.oci.image.index.v1+json", folder);
        string file = Path.Combine(folder, "descriptor.json");
        await File.WriteAllTextAsync(file, root.ToJsonString(), TestContext.Current.CancellationToken);
        return await AddAsync(ipdr, file, folder);
    }

    private static string Blob(string layout, JsonNode descriptor) => Path.Combine(layout, "blobs", "sha256", ((string)descriptor["digest"]!)["sha256:".Length..]);

    private static async Task<JsonObject> DescribeAsync(ExternalProgram ipdr, JsonNode document, string mediaType, string folder)
    {
        string file = Path.Combine(folder, Path.GetRandomFileName());
        await File.WriteAllTextAsync(file, document.ToJsonString(), TestContext.Current.CancellationToken);
        byte[] bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        return new JsonObject
        {
            ["mediaType"] = mediaType,
            ["digest"] = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}",
            ["size"] = bytes.Length,
            ["urls"] = new JsonArray($"ipfs://{await AddAsync(ipdr, file, folder)}"),
        };
    }

    // With the daemon's defaults but for the version, as nerdctl asks for it.
    private static async Task<string> AddAsync(ExternalProgram ipdr, string file, string folder) =>
        (await ipdr.RunAsync("cid", file, "--profile", "kubo-cid-v1", "--car", Path.Combine(folder, Path.GetRandomFileName() + ".car"), "-s")).OrFail().Text;
}
