using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ipdr.Interop.Tests.Archives;

/// <summary>An archive like those of <c>docker save</c>, made of nothing but a seed, and as large as is wanted.</summary>
internal sealed record GeneratedArchive(string Path, string ImageId)
{
    public static async Task<GeneratedArchive> WriteAsync(string path, string name, int layers, int bytesPerLayer, int seed)
    {
        await using FileStream file = File.Create(path);
        await using TarWriter archive = new(file, TarEntryFormat.Ustar);
        List<string> diffIds = [];
        for (int index = 0; index < layers; index++)
        {
            byte[] layer = await LayerAsync(bytesPerLayer, seed + index);
            diffIds.Add(Convert.ToHexStringLower(SHA256.HashData(layer)));
            await AddAsync(archive, $"{diffIds[index]}/layer.tar", layer);
        }
        byte[] config = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = "amd64",
            os = "linux",
            rootfs = new { type = "layers", diff_ids = diffIds.Select(diffId => "sha256:" + diffId) },
        });
        string id = Convert.ToHexStringLower(SHA256.HashData(config));
        await AddAsync(archive, $"{id}.json", config);
        await AddAsync(archive, "manifest.json", JsonSerializer.SerializeToUtf8Bytes(
            new[] { new { Config = $"{id}.json", RepoTags = new[] { name }, Layers = diffIds.Select(diffId => $"{diffId}/layer.tar") } }));
        return new GeneratedArchive(path, "sha256:" + id);
    }

    /// <summary>One file, every second block of which does not compress.</summary>
    private static async Task<byte[]> LayerAsync(int bytes, int seed)
    {
        const int BlockBytes = 32 << 10;
        byte[] content = new byte[bytes];
        Random random = new(seed);
        byte[] line = Encoding.ASCII.GetBytes($"the {seed}th line of a file that is easily compressed\n");
        for (int offset = 0; offset < bytes; offset += BlockBytes)
        {
            Span<byte> block = content.AsSpan(offset, Math.Min(BlockBytes, bytes - offset));
            if (offset / BlockBytes % 2 == 0)
                random.NextBytes(block);
            else
                for (; block.Length > line.Length; block = block[line.Length..])
                    line.CopyTo(block);
        }
        using MemoryStream layer = new();
        await using (TarWriter writer = new(layer, TarEntryFormat.Pax, leaveOpen: true))
            await AddAsync(writer, $"file-{seed}", content);
        return layer.ToArray();
    }

    private static async Task AddAsync(TarWriter writer, string name, byte[] content)
    {
        using MemoryStream data = new(content);
        TarEntry entry = writer.Format == TarEntryFormat.Pax ? new PaxTarEntry(TarEntryType.RegularFile, name) : new UstarTarEntry(TarEntryType.RegularFile, name);
        entry.DataStream = data;
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        await writer.WriteEntryAsync(entry);
    }
}
