using System.Text.Json;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>oras pushes artifacts, attaches others to them and finds them again.</summary>
public sealed class OrasTests
{
    [Fact]
    public async Task Oras_pushes_attaches_discovers_and_pulls()
    {
        ExternalProgram oras = ExternalProgram.Require("oras");
        using TemporaryFolder folder = new();
        await using IpdrServer server = await IpdrServer.StartAsync(folder["home"]);
        Directory.CreateDirectory(folder["in"]);
        await File.WriteAllTextAsync(folder["in/report.txt"], "sound", TestContext.Current.CancellationToken);
        string name = $"{server.Host}/team/artifact:1";
        (await oras.RunAsync("push", "--plain-http", "--disable-path-validation", "--artifact-type", "application/vnd.example", name, folder["in/report.txt"] + ":text/plain")).OrFail();
        (await oras.RunAsync("attach", "--plain-http", "--disable-path-validation", "--artifact-type", "application/vnd.example.signature", name, folder["in/report.txt"] + ":text/plain")).OrFail();
        string discovered = (await oras.RunAsync("discover", "--plain-http", "--format", "json", name)).OrFail().Text;
        Assert.Contains("application/vnd.example.signature", discovered, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(discovered);
        (await oras.RunAsync("manifest", "fetch", "--plain-http", name)).OrFail();
        // It comes back to where it was.
        File.Delete(folder["in/report.txt"]);
        (await oras.RunAsync("pull", "--plain-http", "--allow-path-traversal", name)).OrFail();
        Assert.Equal("sound", await File.ReadAllTextAsync(folder["in/report.txt"], TestContext.Current.CancellationToken));
        // With its referrers, by mounts within the registry.
        string copy = $"{server.Host}/other/artifact:1";
        (await oras.RunAsync("cp", "--recursive", "--from-plain-http", "--to-plain-http", name, copy)).OrFail();
        Assert.Contains("application/vnd.example.signature", (await oras.RunAsync("discover", "--plain-http", "--format", "json", copy)).OrFail().Text, StringComparison.Ordinal);
        (await oras.RunAsync("manifest", "delete", "--plain-http", "--force", copy)).OrFail();
        Assert.NotEqual(0, (await oras.RunAsync("manifest", "fetch", "--plain-http", copy)).ExitCode);
        (await oras.RunAsync("repo", "tags", "--plain-http", $"{server.Host}/team/artifact")).OrFail();
    }
}
