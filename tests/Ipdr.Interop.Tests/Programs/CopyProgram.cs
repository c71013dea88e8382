using System.Text.Json;

namespace Ipdr.Interop.Tests.Programs;

/// <summary><c>ipdr copy</c> with a store, a cache and an engine of its own.</summary>
/// <param name="Folder">Holds the store and the cache.</param>
/// <param name="Engine">Where the engine is; null for none.</param>
internal sealed record CopyProgram(TemporaryFolder Folder, string? Engine = null)
{
    public ExternalProgram Program => IpdrProgram.Program with
    {
        Environment = new Dictionary<string, string>
        {
            ["IPDR_HOME"] = Folder["store"],
            ["XDG_CACHE_HOME"] = Folder["cache"],
            ["DOCKER_HOST"] = Engine ?? $"unix://{Folder["no.sock"]}",
        },
    };

    /// <summary>Copies, and fails the test unless ipdr did.</summary>
    public async Task<CopyReport> CopyAsync(params string[] arguments) =>
        JsonSerializer.Deserialize<CopyReport>((await Program.RunAsync(["copy", "--json", .. arguments])).OrFail().Output.Span, JsonSerializerOptions.Web)!;
}
