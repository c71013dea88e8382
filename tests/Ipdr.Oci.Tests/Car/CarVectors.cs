using System.Text.Json;

namespace Ipdr.Oci.Tests.Car;

/// <summary>tests/fixtures/vectors/car.json: what go-car writes, and what is wrong.</summary>
internal static class CarVectors
{
    private static readonly JsonDocument Document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Fixtures.Folder, "vectors", "car.json")));

    public static TheoryData<string> Exports => [.. All("exports").Select(export => export.GetProperty("vector").GetString()!)];

    public static TheoryData<string> Malformed => [.. All("malformed").Select(car => car.GetProperty("id").GetString()!)];

    public static JsonElement Export(string vector) => All("exports").Single(export => export.GetProperty("vector").GetString() == vector);

    public static JsonElement Named(string kind, string id) => All(kind).Single(car => car.GetProperty("id").GetString() == id);

    public static byte[] Bytes(JsonElement car) => Convert.FromHexString(car.GetProperty("hex").GetString()!);

    public static byte[] Sample(string id) => Bytes(Named("samples", id));

    private static JsonElement.ArrayEnumerator All(string kind) => Document.RootElement.GetProperty(kind).EnumerateArray();
}
