using System.Text.Json;

namespace Ipdr.Interop.Tests.Fixtures;

/// <summary>The archives of <c>tests/fixtures</c>, described by the <c>fixtures.json</c> beside them.</summary>
internal static class FixtureCatalogue
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Folder { get; } = Locate();

    public static IReadOnlyList<Fixture> All { get; } = Read();

    /// <summary>Archives without a defect; what a tool without blake3 may refuse, ipdr does not.</summary>
    public static IReadOnlyList<Fixture> Good { get; } = [.. All.Where(fixture => fixture.Validity == "good")];

    public static Fixture Named(string name) => All.Single(fixture => fixture.Name == name);

    private static string Locate()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Ipdr.sln")))
                return Path.Combine(folder.FullName, "tests", "fixtures");
        }
        throw new DirectoryNotFoundException("tests/fixtures stands in the repository that these tests were built in.");
    }

    private static List<Fixture> Read()
    {
        using FileStream file = File.OpenRead(Path.Combine(Folder, "fixtures.json"));
        using JsonDocument document = JsonDocument.Parse(file);
        return document.RootElement.GetProperty("archives").Deserialize<List<Fixture>>(SnakeCase)!;
    }
}
