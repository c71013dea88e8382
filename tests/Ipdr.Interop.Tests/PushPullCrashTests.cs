using System.Diagnostics;
using System.Text.Json;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Oci.Car;
using Ipdr.Oci.Tests.Gateways;

namespace Ipdr.Interop.Tests;

/// <summary>Pushes and pulls that are killed at any moment: the next run ends right, and moves less.</summary>
public sealed class PushPullCrashTests
{
    private const int Kills = 30;
    private const int LayerBytes = 6 << 20;

    private static readonly string[] Names = ["killed:1"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_push_that_was_killed_is_done_by_the_next()
    {
        using TemporaryFolder folder = new();
        string archive = await WriteArchiveAsync(folder);
        long start = Stopwatch.GetTimestamp();
        string cid = (await Ipdr(folder, "whole").RunAsync("push", archive, "-s")).OrFail().Text;
        TimeSpan whole = Stopwatch.GetElapsedTime(start);
        Random random = new(30);
        int cut = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            string home = $"killed-{kill}";
            cut += await KillAsync(Ipdr(folder, home), whole * random.NextDouble(), "push", archive, "-s") ? 1 : 0;
            Assert.Equal(cid, (await Ipdr(folder, home).RunAsync("push", archive, "-s")).OrFail().Text);
            await VerifyAsync(folder, home, cid);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{cut} of {Kills} pushes were cut off");
        Assert.True(cut > Kills / 6, $"only {cut} pushes were cut off");
    }

    [Fact]
    public async Task A_pull_that_was_killed_is_continued_by_the_next_and_fetches_less()
    {
        using TemporaryFolder folder = new();
        string archive = await WriteArchiveAsync(folder);
        string cid = (await Ipdr(folder, "a").RunAsync("push", archive, "--to", $"car={folder["image.car"]}", "-s")).OrFail().Text;
        using CarFile car = await CarFile.OpenAsync(folder["image.car"], cancellationToken: Token);
        // So slow that there is time to be killed in.
        await using GatewayServer gateway = GatewayServer.Start(car, TimeSpan.FromMilliseconds(60));
        long start = Stopwatch.GetTimestamp();
        long all = await PullAsync(folder, "whole", cid, gateway);
        TimeSpan whole = Stopwatch.GetElapsedTime(start);
        Random random = new(31);
        int cut = 0, less = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            string home = $"killed-{kill}";
            bool isCut = await KillAsync(Ipdr(folder, home), whole * random.NextDouble(), "pull", cid, "--from", $"{gateway.Address}", "--to", "store", "-s");
            long rest = await PullAsync(folder, home, cid, gateway);
            Assert.True(rest <= all, $"{rest} bytes after {all}");
            cut += isCut ? 1 : 0;
            less += isCut && rest < all ? 1 : 0;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{cut} of {Kills} pulls were cut off, {less} of them were continued");
        Assert.True(cut > Kills / 6, $"only {cut} pulls were cut off");
        Assert.True(less > 0, "no pull was continued");
    }

    private static async Task<long> PullAsync(TemporaryFolder folder, string home, string cid, GatewayServer gateway)
    {
        ProgramResult pulled = (await Ipdr(folder, home).RunAsync("pull", cid, "--from", $"{gateway.Address}", "--to", "store", "--json")).OrFail();
        await VerifyAsync(folder, home, cid);
        return JsonDocument.Parse(pulled.Text).RootElement.GetProperty("fetchedBytes").GetInt64();
    }

    /// <summary>What the store has of the image is right, to the last byte.</summary>
    private static async Task VerifyAsync(TemporaryFolder folder, string home, string cid)
    {
        string layout = folder[$"out-{home}"];
        (await Ipdr(folder, home).RunAsync("pull", cid, "--to", $"oci:{layout}")).OrFail();
        (await Ipdr(folder, home).RunAsync("verify", $"oci:{layout}", "--strict")).OrFail();
        Directory.Delete(layout, recursive: true);
        Directory.Delete(folder[$"home-{home}"], recursive: true);
    }

    /// <summary>Starts and kills; false if it had ended before.</summary>
    private static async Task<bool> KillAsync(ExternalProgram program, TimeSpan after, params string[] arguments)
    {
        using Process process = program.Start(arguments);
        Task reading = Task.WhenAll(process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
        process.StandardInput.Close();
        await Task.Delay(after, Token);
        bool isRunning = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(Token);
        await reading;
        return isRunning;
    }

    private static ExternalProgram Ipdr(TemporaryFolder folder, string home) => IpdrProgram.Program with
    {
        Environment = new Dictionary<string, string>
        {
            ["IPDR_HOME"] = folder[$"home-{home}"],
            ["IPFS_PATH"] = folder["no-ipfs"],
            ["DOCKER_HOST"] = $"unix://{folder["no-engine.sock"]}",
        },
    };

    private static async Task<string> WriteArchiveAsync(TemporaryFolder folder)
    {
        List<(string Name, byte[] Body)> members = [];
        List<string> diffIds = [];
        for (int i = 1; i <= 3; i++)
        {
            byte[] content = new byte[LayerBytes];
            new Random(i).NextBytes(content);
            using MemoryStream layer = new(), file = new(content);
            await using (System.Formats.Tar.TarWriter writer = new(layer, System.Formats.Tar.TarEntryFormat.Ustar, leaveOpen: true))
                await writer.WriteEntryAsync(new System.Formats.Tar.UstarTarEntry(System.Formats.Tar.TarEntryType.RegularFile, $"file-{i}") { DataStream = file, ModificationTime = DateTimeOffset.UnixEpoch }, Token);
            diffIds.Add(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(layer.ToArray())));
            members.Add(($"{diffIds[^1]}.tar", layer.ToArray()));
        }
        members.Add(("config.json", JsonSerializer.SerializeToUtf8Bytes(new { architecture = "amd64", os = "linux", rootfs = new { type = "layers", diff_ids = diffIds.Select(id => "sha256:" + id) } })));
        members.Add(("manifest.json", JsonSerializer.SerializeToUtf8Bytes(new[] { new { Config = "config.json", RepoTags = Names, Layers = diffIds.Select(id => id + ".tar") } })));
        await using FileStream output = File.Create(folder["archive.tar"]);
        await using System.Formats.Tar.TarWriter archive = new(output, System.Formats.Tar.TarEntryFormat.Ustar);
        foreach ((string name, byte[] body) in members)
        {
            using MemoryStream stream = new(body);
            await archive.WriteEntryAsync(new System.Formats.Tar.UstarTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name) { DataStream = stream }, Token);
        }
        return folder["archive.tar"];
    }
}
