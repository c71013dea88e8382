using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Ipdr.Interop.Tests.Engines;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>Machine A serves, machine B pulls, and a second source dies while it does.</summary>
public sealed class TwoMachinesTests
{
    private const int LayerBytes = 24 << 20;

    private static readonly string[] Names = ["far:1"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pull_goes_on_when_one_of_its_sources_dies()
    {
        await using NetworkNamespaces network = await NetworkNamespaces.CreateAsync();
        using TemporaryFolder folder = new();
        ExternalProgram sender = IpdrServer.Over(folder["a"]), receiver = IpdrServer.Over(folder["b"]);
        string cid = (await sender.RunAsync("push", await WriteArchiveAsync(folder), "--to", $"car={folder["image.car"]}", "-s")).OrFail().Text;
        (await IpdrServer.Over(folder["a2"]).RunAsync("push", $"car:{folder["image.car"]}", "-s")).OrFail();
        await network.LimitAsync("100mbit");
        using Process steady = network.OnA(sender).Start(["serve", "--listen", NetworkNamespaces.AddressOfA, "--port", "5001"]);
        using Process mortal = network.OnA(IpdrServer.Over(folder["a2"])).Start(["serve", "--listen", NetworkNamespaces.AddressOfA, "--port", "5002"]);
        try
        {
            Assert.NotNull(await steady.StandardOutput.ReadLineAsync(Token));
            Assert.NotNull(await mortal.StandardOutput.ReadLineAsync(Token));
            Task<ProgramResult> pulling = network.OnB(receiver).RunAsync(
                "pull", cid, "--from", $"http://{NetworkNamespaces.AddressOfA}:5001", "--from", $"http://{NetworkNamespaces.AddressOfA}:5002", "--to", $"oci:{folder["back"]}", "--json");
            await Task.Delay(TimeSpan.FromSeconds(2), Token);
            mortal.Kill(entireProcessTree: true);
            using JsonDocument pulled = JsonDocument.Parse((await pulling).OrFail().Text);
            Assert.Equal(cid, pulled.RootElement.GetProperty("cid").GetString());
        }
        finally
        {
            steady.Kill(entireProcessTree: true);
            await steady.WaitForExitAsync(Token);
            if (!mortal.HasExited)
                mortal.Kill(entireProcessTree: true);
            await mortal.WaitForExitAsync(Token);
        }
        (await sender.RunAsync("pull", cid, "--to", $"oci:{folder["here"]}")).OrFail();
        Assert.Equal(Contents(folder["here"]), Contents(folder["back"]));
        (await receiver.RunAsync("verify", $"oci:{folder["back"]}", "--strict")).OrFail();
    }

    private static string[] Contents(string layout) => [.. Directory.EnumerateFiles(Path.Combine(layout, "blobs"), "*", SearchOption.AllDirectories)
        .Select(file => $"{Path.GetFileName(file)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}").Order(StringComparer.Ordinal)];

    private static async Task<string> WriteArchiveAsync(TemporaryFolder folder)
    {
        byte[] content = new byte[LayerBytes];
        new Random(5).NextBytes(content);
        using MemoryStream layer = new(), file = new(content);
        await using (System.Formats.Tar.TarWriter writer = new(layer, System.Formats.Tar.TarEntryFormat.Ustar, leaveOpen: true))
            await writer.WriteEntryAsync(new System.Formats.Tar.UstarTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "file") { DataStream = file, ModificationTime = DateTimeOffset.UnixEpoch }, Token);
        string diffId = Convert.ToHexStringLower(SHA256.HashData(layer.ToArray()));
        string[] layers = [$"{diffId}.tar"], diffIds = [$"sha256:{diffId}"];
        byte[] config = JsonSerializer.SerializeToUtf8Bytes(new { architecture = "amd64", os = "linux", rootfs = new { type = "layers", diff_ids = diffIds } });
        byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(new[] { new { Config = "config.json", RepoTags = Names, Layers = layers } });
        await using FileStream output = File.Create(folder["far.tar"]);
        await using System.Formats.Tar.TarWriter archive = new(output, System.Formats.Tar.TarEntryFormat.Ustar);
        foreach ((string name, byte[] body) in (IEnumerable<(string, byte[])>)[(layers[0], layer.ToArray()), ("config.json", config), ("manifest.json", manifest)])
        {
            using MemoryStream stream = new(body);
            await archive.WriteEntryAsync(new System.Formats.Tar.UstarTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name) { DataStream = stream }, Token);
        }
        return folder["far.tar"];
    }
}
