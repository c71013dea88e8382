using System.Text.Json;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Interop.Tests.Programs;

/// <summary>The npm package ipfs-unixfs-importer.</summary>
internal sealed class JavaScriptImporter(NodeScript script) : IAsyncDisposable
{
    public static async Task<JavaScriptImporter> StartAsync() => new(await NodeScript.StartAsync("import.mjs"));

    /// <summary>The root's CID, and the bytes of all blocks with repeats.</summary>
    public async Task<(string Cid, long Size)> ImportAsync(string path, UnixFsProfile profile)
    {
        JsonElement answer = await script.AskAsync(new
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
        return (answer.GetProperty("cid").GetString()!, answer.GetProperty("size").GetInt64());
    }

    public ValueTask DisposeAsync() => script.DisposeAsync();
}
