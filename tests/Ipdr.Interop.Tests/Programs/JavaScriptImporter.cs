using System.Diagnostics;
using System.Text.Json;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Interop.Tests.Programs;

/// <summary>The npm package ipfs-unixfs-importer in one process of Node.js, which answers one request after the other.</summary>
internal sealed class JavaScriptImporter(Process process) : IAsyncDisposable
{
    public static async Task<JavaScriptImporter> StartAsync()
    {
        string folder = await NodePackages.RequireAsync();
        Process process = ExternalProgram.Require("node").Start([Path.Combine(folder, "import.mjs")]);
        process.ErrorDataReceived += (_, line) => TestContext.Current.TestOutputHelper?.WriteLine(line.Data ?? "");
        process.BeginErrorReadLine();
        return new JavaScriptImporter(process);
    }

    /// <summary>The root's CID, and the bytes of all blocks with repeats.</summary>
    public async Task<(string Cid, long Size)> ImportAsync(string path, UnixFsProfile profile)
    {
        string request = JsonSerializer.Serialize(new
        {
            path,
            cidVersion = profile.CidVersion,
            rawLeaves = profile.RawLeaves,
            chunkSize = profile.ChunkSize,
            maxFileLinks = profile.MaxFileLinks,
            hamtThreshold = profile.HamtThreshold,
            hamtEstimate = profile.HamtEstimate == HamtEstimate.Block ? "block" : "links",
            hamtFanout = profile.MaxHamtFanout,
        });
        await process.StandardInput.WriteLineAsync(request);
        await process.StandardInput.FlushAsync();
        string answer = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new EndOfStreamException("Node.js ended");
        using JsonDocument document = JsonDocument.Parse(answer);
        if (document.RootElement.TryGetProperty("error", out JsonElement error))
            Assert.Fail(error.GetString());
        return (document.RootElement.GetProperty("cid").GetString()!, document.RootElement.GetProperty("size").GetInt64());
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
