using System.Diagnostics;
using System.Text.Json;

namespace Ipdr.Interop.Tests.Programs;

/// <summary>A script in a process of its own, which answers one request after the other.</summary>
internal sealed class NodeScript(Process process) : IAsyncDisposable
{
    /// <summary>Starts a script of the folder Node; without Node.js, npm or a registry the running test is skipped.</summary>
    public static Task<NodeScript> StartAsync(string name) => StartAsync("Node", name);

    /// <summary>Starts a script of any folder beside the tests.</summary>
    public static async Task<NodeScript> StartAsync(string folder, string name, params string[] arguments)
    {
        string installed = await NodePackages.RequireAsync(folder);
        Process process = ExternalProgram.Require("node").Start([Path.Combine(installed, name), .. arguments]);
        process.ErrorDataReceived += (_, line) => TestContext.Current.TestOutputHelper?.WriteLine(line.Data ?? "");
        process.BeginErrorReadLine();
        return new NodeScript(process);
    }

    /// <summary>The answer to a request; an error that the script tells fails the test.</summary>
    public async Task<JsonElement> AskAsync(object request)
    {
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request));
        await process.StandardInput.FlushAsync();
        string answer = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new EndOfStreamException("Node.js ended");
        JsonElement document = JsonElement.Parse(answer);
        if (document.TryGetProperty("error", out JsonElement error))
            Assert.Fail(error.GetString());
        return document;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
