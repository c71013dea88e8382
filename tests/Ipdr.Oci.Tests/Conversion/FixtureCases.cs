using System.Text.Json;

namespace Ipdr.Oci.Tests.Conversion;

/// <summary>What fixtures.json says of each archive.</summary>
internal static class FixtureCases
{
    public static IReadOnlyList<JsonElement> All { get; } = Read();

    public static JsonElement Named(string name) => All.Single(fixture => Name(fixture) == name);

    public static TheoryData<string> Names => [.. All.Select(Name)];

    public static string Name(JsonElement fixture) => Path.GetFileName(fixture.GetProperty("file").GetString()!);

    public static string Text(JsonElement fixture, string property) => fixture.TryGetProperty(property, out JsonElement value) ? value.GetString() ?? "" : "";

    /// <summary>The image IDs that the archive must give, wherever its description tells them.</summary>
    public static IReadOnlyList<string> ImageIds(JsonElement fixture) => Ids(fixture, "image_id");

    private static List<string> Ids(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object => [.. element.EnumerateObject().SelectMany(property =>
            property.Name == name && property.Value.ValueKind == JsonValueKind.String ? [property.Value.GetString()!] : Ids(property.Value, name)).Distinct()],
        JsonValueKind.Array => [.. element.EnumerateArray().SelectMany(item => Ids(item, name)).Distinct()],
        _ => [],
    };

    private static List<JsonElement> Read()
    {
        using FileStream file = File.OpenRead(Path.Combine(Fixtures.Folder, "fixtures.json"));
        using JsonDocument document = JsonDocument.Parse(file);
        return [.. document.RootElement.GetProperty("archives").EnumerateArray().Select(fixture => fixture.Clone())];
    }
}
