using System.Text.Json;

namespace Ipdr.Oci.Tests.Multiformats;

/// <summary>tests/fixtures/vectors/cid-text.json: what two other implementations made of each text.</summary>
internal static class CidVectors
{
    private static readonly JsonElement Document = Read();

    public static TheoryData<string> Valid => [.. Ids("valid")];

    public static TheoryData<string> Invalid => [.. Ids("invalid")];

    public static JsonElement.ArrayEnumerator LegacyNames(string kind) => Document.GetProperty("legacyDockerNames").GetProperty(kind).EnumerateArray();

    public static JsonElement Find(string id) => Document.GetProperty("valid").EnumerateArray().Concat(Document.GetProperty("invalid").EnumerateArray())
        .Single(vector => vector.GetProperty("id").GetString() == id);

    private static IEnumerable<string> Ids(string kind) => Document.GetProperty(kind).EnumerateArray().Select(vector => vector.GetProperty("id").GetString()!);

    private static JsonElement Read()
    {
        using FileStream file = File.OpenRead(Path.Combine(Fixtures.Folder, "vectors", "cid-text.json"));
        return JsonElement.Parse(new BinaryReader(file).ReadBytes((int)file.Length));
    }
}
