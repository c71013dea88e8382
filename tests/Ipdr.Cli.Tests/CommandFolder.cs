using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;

namespace Ipdr.Cli.Tests;

/// <summary>A folder that goes with its test.</summary>
internal sealed class CommandFolder : IDisposable
{
    private const int LayerBytes = 5 << 20;

    private static readonly string[] LargeNames = ["large:1"];

    public string Path { get; } = Directory.CreateTempSubdirectory("ipdr-cli-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>The full path of an archive of tests/fixtures.</summary>
    public static string Archive(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Ipdr.sln")))
            folder = folder.Parent;
        return System.IO.Path.Combine(folder!.FullName, "tests", "fixtures", "archives", name);
    }

    /// <summary>An archive whose two layers take several blocks each; half of their bytes do not compress.</summary>
    public async Task<string> LargeArchiveAsync()
    {
        string path = this["large.tar"];
        if (File.Exists(path))
            return path;
        byte[][] layers = [Layer(1), Layer(2)];
        string[] diffIds = [.. layers.Select(layer => Convert.ToHexStringLower(SHA256.HashData(layer)))];
        byte[] config = JsonSerializer.SerializeToUtf8Bytes(new { architecture = "amd64", os = "linux", rootfs = new { type = "layers", diff_ids = diffIds.Select(id => "sha256:" + id) } });
        byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(new[] { new { Config = "config.json", RepoTags = LargeNames, Layers = diffIds } });
        await using FileStream file = File.Create(path);
        await using TarWriter archive = new(file, TarEntryFormat.Ustar);
        foreach ((string name, byte[] body) in (IEnumerable<(string, byte[])>)[(diffIds[0], layers[0]), (diffIds[1], layers[1]), ("config.json", config), ("manifest.json", manifest)])
        {
            using MemoryStream content = new(body);
            await archive.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = content }, TestContext.Current.CancellationToken);
        }
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static byte[] Layer(int seed)
    {
        byte[] content = new byte[LayerBytes];
        new Random(seed).NextBytes(content.AsSpan(LayerBytes / 2));
        using MemoryStream layer = new(), file = new(content);
        using (TarWriter writer = new(layer, TarEntryFormat.Ustar, leaveOpen: true))
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"file-{seed}") { DataStream = file, ModificationTime = DateTimeOffset.UnixEpoch });
        return layer.ToArray();
    }
}
