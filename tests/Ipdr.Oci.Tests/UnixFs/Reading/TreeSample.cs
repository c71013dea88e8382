using System.Text;
using CsCheck;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Tests.UnixFs.Reading;

/// <summary>Trees of files, and profiles that cut them into many blocks.</summary>
internal static class TreeSample
{
    /// <summary>Chunks of 16 bytes, two links a node, shards from 200 bytes on: small trees have all kinds of blocks.</summary>
    public static UnixFsProfile Tiny { get; } = UnixFsProfile.V1 with { ChunkSize = 16, MaxFileLinks = 2, HamtThreshold = 200, MaxHamtFanout = 8 };

    public static Gen<UnixFsProfile> Profiles { get; } = Gen.Select(Gen.Int[1, 60], Gen.Int[2, 5], Gen.Bool, Gen.Int[0, 1], Gen.Int[1, 400], Gen.Int[3, 8])
        .Select((chunk, links, raw, version, threshold, fanout) => UnixFsProfile.V1 with
        {
            ChunkSize = chunk,
            MaxFileLinks = links,
            RawLeaves = raw,
            CidVersion = version,
            HamtThreshold = threshold,
            MaxHamtFanout = 1 << fanout,
        });

    /// <summary>Relative paths with their content; a null content is an empty directory.</summary>
    public static Gen<(string Path, byte[]? Content)[]> Trees { get; } = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 40], Gen.Byte.Array[0, 300])
        .Select((depth, name, content) => (string.Concat(Enumerable.Range(0, depth).Select(i => $"d{(name + i) % 3}/")) + $"f{name}", name % 7 == 0 ? null : content))
        .Array[0, 40];

    public static void Write(string folder, (string Path, byte[]? Content)[] tree)
    {
        Directory.CreateDirectory(folder);
        foreach ((string path, byte[]? content) in tree.DistinctBy(entry => entry.Path))
        {
            string full = Path.Combine(folder, path);
            Directory.CreateDirectory(content is null ? full : Path.GetDirectoryName(full)!);
            if (content is not null)
                File.WriteAllBytes(full, content);
        }
    }

    /// <summary>A folder with nested directories, a sharded one, empty things, a link, and a file of many blocks.</summary>
    public static void WriteZoo(string folder)
    {
        Write(folder,
        [
            ("empty", []), ("empty directory", null), ("large", [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))]),
            ("a/b/c/deep", "deep"u8.ToArray()), ("ünïcode ✓", "text"u8.ToArray()),
            .. Enumerable.Range(0, 60).Select(i => ($"many/{i}", (byte[]?)Encoding.ASCII.GetBytes($"file {i}"))),
        ]);
        File.CreateSymbolicLink(Path.Combine(folder, "link"), "../elsewhere/large");
    }

    /// <summary>All that is below a folder: each path, what it is, its content.</summary>
    public static IReadOnlyList<string> Listing(string folder) => [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
        .Select(path => $"{Path.GetRelativePath(folder, path)} {Describe(path)}").Order(StringComparer.Ordinal)];

    public static string Describe(string path) => new FileInfo(path).LinkTarget is { } target ? $"→ {target}"
        : Directory.Exists(path) ? "directory" : Convert.ToHexString(File.ReadAllBytes(path));
}
