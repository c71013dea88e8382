using System.IO.Compression;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json;
using Ipdr.Oci.Tar;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Tests.Tar;

/// <summary>The archives of tests/fixtures, of which fixtures.json tells what is in them.</summary>
public sealed class TarFixtureTests
{
    private static readonly string[] TarDefects = ["truncated", "bad-checksum", "bad-header", "limit", "not-an-archive"];

    private static readonly JsonElement Register = JsonDocument
        .Parse(File.ReadAllText(Path.Combine(Fixtures.Folder, "fixtures.json"))).RootElement.GetProperty("archives");

    public static TheoryData<string> Archives => [.. Register.EnumerateArray().Select(archive => archive.GetProperty("file").GetString()!)];

    [Fact]
    public void The_register_and_the_folder_name_the_same_files() => Assert.Equal(
        Directory.GetFiles(Path.Combine(Fixtures.Folder, "archives")).Select(Path.GetFileName).Order(StringComparer.Ordinal),
        Archives.Select(row => Path.GetFileName(row.Data)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Archives))]
    public void A_fixture_is_the_file_that_was_registered(string file)
    {
        using FileStream stream = File.OpenRead(Path.Combine(Fixtures.Folder, file));

        Assert.Equal(Describe(file).GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public async Task Every_fixture_gives_its_members_or_its_defect_from_a_file_and_from_a_stream(string file)
    {
        JsonElement description = Describe(file);
        string? defect = description.TryGetProperty("reason_code", out JsonElement code) ? code.GetString() : null;

        using SafeFileHandle handle = File.OpenHandle(Path.Combine(Fixtures.Folder, file));
        TarReading fromFile = await TarReading.OfAsync(new SeekablePipeReader(handle));
        using FileStream stream = File.OpenRead(Path.Combine(Fixtures.Folder, file));
        TarReading fromStream = await TarReading.OfAsync(PipeReader.Create(stream));

        Assert.Equal(fromStream.ToString(), fromFile.ToString());
        if (IsCompressed(file))
            Assert.Contains("compressed", fromFile.Fault?.What, StringComparison.Ordinal);
        else if (fromFile.Fault is { } fault)
            Assert.Equal(defect, fault.CodeText);
        else
        {
            // No bytes at all are an archive without members to this reader; that they hold no image is for others to say.
            Assert.True(new FileInfo(Path.Combine(Fixtures.Folder, file)).Length is 0 or 1024 || !TarDefects.Contains(defect), defect);
            if (description.TryGetProperty("members", out JsonElement members))
                Assert.Equal(members.GetInt32(), fromFile.Entries.Count);
            Assert.Equal(defect == "missing-end-blocks", fromFile.End != TarEnd.EndBlocks && defect != "missing-manifest" && fromFile.Position > 0);
            Assert.Equal(defect == "trailing-data", fromFile.Trailing > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public async Task Every_gzipped_fixture_gives_its_members(string file)
    {
        JsonElement description = Describe(file);
        if (!IsCompressed(file) || !file.EndsWith(".gz", StringComparison.Ordinal) || !description.TryGetProperty("members", out JsonElement members))
            return;
        using FileStream stream = File.OpenRead(Path.Combine(Fixtures.Folder, file));

        TarReading reading = await TarReading.OfAsync(PipeReader.Create(new GZipStream(stream, CompressionMode.Decompress)));

        Assert.Null(reading.Fault);
        Assert.Equal(members.GetInt32(), reading.Entries.Count);
    }

    [Fact]
    public async Task A_pax_header_of_64_MiB_is_refused()
    {
        using FileStream stream = File.OpenRead(Fixtures.Archive("bad-pax-huge.tar.gz"));

        TarReading reading = await TarReading.OfAsync(PipeReader.Create(new GZipStream(stream, CompressionMode.Decompress)));

        Assert.Equal("limit", reading.Fault?.CodeText);
    }

    [Fact]
    public async Task The_sparse_layer_of_a_docker_archive_is_expanded_to_its_diff_id()
    {
        using SafeFileHandle handle = File.OpenHandle(Fixtures.Archive("edge-sparse-gnu.tar"));
        TarReading reading = await TarReading.OfAsync(new SeekablePipeReader(handle));

        int layer = reading.Entries.FindIndex(entry => entry.IsSparse);
        int config = reading.Entries.FindIndex(entry => entry.Name.EndsWith(".json", StringComparison.Ordinal) && entry.Name != "manifest.json");
        string diffId = JsonDocument.Parse(reading.Bodies[config]).RootElement.GetProperty("rootfs").GetProperty("diff_ids")[0].GetString()!;
        Assert.Equal(diffId, "sha256:" + Convert.ToHexStringLower(SHA256.HashData(reading.Bodies[layer])));
    }

    private static JsonElement Describe(string file) =>
        Register.EnumerateArray().Single(archive => archive.GetProperty("file").GetString() == file);

    /// <summary>By content, not by name: one name lies.</summary>
    private static bool IsCompressed(string file)
    {
        using FileStream stream = File.OpenRead(Path.Combine(Fixtures.Folder, file));
        return stream.ReadByte() is 0x1f or 0x28 or 0xfd or 'B';
    }
}
