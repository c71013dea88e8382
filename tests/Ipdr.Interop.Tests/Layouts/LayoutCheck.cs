using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests.Layouts;

/// <summary>Checks every byte of a layout against what names it.</summary>
internal static partial class LayoutCheck
{
    /// <summary>Fails with all that is wrong with the layout; digests that were absent from the source may be absent here.</summary>
    public static async Task AssertSoundAsync(string path, IReadOnlySet<string>? absent = null)
    {
        List<string> problems = [];
        CheckMarker(path, problems);
        OciLayoutFolder layout = new(path);
        foreach (LayoutNode blob in layout.Blobs)
            await CheckBlobAsync(layout, blob, absent, problems);
        foreach (LayoutNode image in layout.Images)
            await CheckDiffIdsAsync(layout, image, problems);
        Assert.Empty(problems);
    }

    /// <summary>Names in the folder that no layout has: what a conversion that was cut off may have forgotten.</summary>
    public static IReadOnlyList<string> StrayNames(string path) => [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(path, file)).Where(name => !LayoutName().IsMatch(name)).Order(StringComparer.Ordinal)];

    private static void CheckMarker(string path, List<string> problems)
    {
        using JsonDocument marker = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(path, "oci-layout")));
        string? version = marker.RootElement.GetProperty("imageLayoutVersion").GetString();
        if (version != "1.0.0")
            problems.Add($"oci-layout has version {version}");
    }

    private static async Task CheckBlobAsync(OciLayoutFolder layout, LayoutNode blob, IReadOnlySet<string>? absent, List<string> problems)
    {
        if (!blob.Present)
        {
            if (absent?.Contains(blob.Digest) != true)
                problems.Add($"{blob.Digest} ({blob.MediaType}) is absent");
            return;
        }
        string file = layout.PathOf(blob.Digest);
        if (new FileInfo(file).Length != blob.Size)
            problems.Add($"{blob.Digest} has {new FileInfo(file).Length} bytes and not {blob.Size}");
        string? actual = await HashAsync(file, blob.Digest.Split(':')[0]);
        if (actual is not null && actual != blob.Digest)
            problems.Add($"{blob.Digest} hashes to {actual}");
    }

    private static async Task CheckDiffIdsAsync(OciLayoutFolder layout, LayoutNode image, List<string> problems)
    {
        if (image.Layers.Count != image.DiffIds.Count)
            problems.Add($"{image.Digest} has {image.Layers.Count} layers and {image.DiffIds.Count} diff_ids");
        foreach ((LayoutNode layer, string diffId) in image.Layers.Zip(image.DiffIds).Where(pair => pair.First.Present))
        {
            string actual = await DiffIdAsync(layout.PathOf(layer.Digest), layer.MediaType);
            if (actual != diffId)
                problems.Add($"layer {layer.Digest} holds {actual} and not {diffId}");
        }
    }

    private static async Task<string> DiffIdAsync(string file, string mediaType)
    {
        if (mediaType.EndsWith("zstd", StringComparison.Ordinal))
        {
            ProgramResult plain = await ExternalProgram.Require("zstd").RunAsync("-dcq", file);
            return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(plain.OrFail().Output.Span));
        }
        await using FileStream stored = File.OpenRead(file);
        await using Stream content = mediaType.EndsWith("gzip", StringComparison.Ordinal)
            ? new GZipStream(stored, CompressionMode.Decompress) : stored;
        return "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(content));
    }

    /// <summary>The digest of a file, or null where nothing on this machine but ipdr itself can compute it.</summary>
    private static async Task<string?> HashAsync(string file, string algorithm)
    {
        if (algorithm == "blake3")
        {
            string? program = ExternalProgram.Find("b3sum");
            return program is null ? null : "blake3:" + (await new ExternalProgram(program).RunAsync("--no-names", file)).OrFail().Text;
        }
        await using FileStream stream = File.OpenRead(file);
        byte[] hash = algorithm == "sha512" ? await SHA512.HashDataAsync(stream) : await SHA256.HashDataAsync(stream);
        return $"{algorithm}:{Convert.ToHexStringLower(hash)}";
    }

    [GeneratedRegex("^(oci-layout|index\\.json|blobs/(sha256|blake3)/[0-9a-f]{64}|blobs/sha512/[0-9a-f]{128})$")]
    private static partial Regex LayoutName();
}
