using System.Text.Json;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Tests.UnixFs;

/// <summary>One of the CIDs that other implementations gave (tests/fixtures/vectors/cid.json).</summary>
internal sealed record UnixFsVector(JsonElement Description)
{
    private static readonly JsonDocument Document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Fixtures.Folder, "vectors", "cid.json")));

    public static IReadOnlyDictionary<string, UnixFsVector> All { get; } =
        Document.RootElement.GetProperty("vectors").EnumerateArray().ToDictionary(vector => vector.GetProperty("name").GetString()!, vector => new UnixFsVector(vector));

    public JsonElement Input => Description.GetProperty("input");

    public JsonElement? Metadata => Description.TryGetProperty("meta", out JsonElement meta) ? meta : null;

    /// <summary>A gigabyte of computed content: not for the disk.</summary>
    public bool IsHeavy => Description.TryGetProperty("heavy", out _);

    /// <summary>A directory with thousands of entries, in itself or below: not for the disk either.</summary>
    public bool IsLarge => MostEntries(Input) > 1000;

    public bool IsFile => Description.GetProperty("kind").GetString() == "file";

    public Cid Cid => Cid.Parse(Description.GetProperty("cid").GetString()!);

    public string? RootHex => Description.TryGetProperty("rootHex", out JsonElement hex) ? hex.GetString() : null;

    public UnixFsProfile Profile
    {
        get
        {
            JsonElement profile = Description.GetProperty("profile");
            Assert.True(MultihashCode.TryParseName(profile.GetProperty("hash").GetString(), out MultihashCode hash));
            return new UnixFsProfile
            {
                CidVersion = profile.GetProperty("cidVersion").GetInt32(),
                Hash = hash,
                ChunkSize = profile.GetProperty("chunkSize").GetInt32(),
                MaxFileLinks = profile.GetProperty("width").GetInt32(),
                RawLeaves = profile.GetProperty("rawLeaves").GetBoolean(),
                HamtThreshold = profile.GetProperty("hamtThreshold").GetInt32(),
                HamtEstimate = profile.GetProperty("hamtEstimate").GetString() == "block" ? HamtEstimate.Block : HamtEstimate.Links,
                MaxHamtFanout = profile.GetProperty("fanout").GetInt32(),
                PreserveMode = Metadata?.TryGetProperty("mode", out _) == true,
                PreserveMtime = Metadata?.TryGetProperty("mtime", out _) == true,
            };
        }
    }

    private static int MostEntries(JsonElement recipe) => recipe.TryGetProperty("dir", out JsonElement entries)
        ? entries.EnumerateArray().Select(entry => entry.TryGetProperty("each", out JsonElement each) ? each.GetProperty("count").GetInt32() : MostEntries(entry)).DefaultIfEmpty().Max()
        : recipe.TryGetProperty("keystreamDir", out JsonElement keystream) ? keystream.GetProperty("count").GetInt32() : 1;

    public long Number(string name) => Description.GetProperty(name).GetInt64();
}
