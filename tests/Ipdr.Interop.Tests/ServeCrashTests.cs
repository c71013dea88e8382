using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>A server that is killed while clients push, and one whose disk is full.</summary>
public sealed class ServeCrashTests
{
    private const int Kills = 50;
    private const int Pushes = 6;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_9_at_any_moment_of_a_push_leaves_nothing_wrong_that_is_visible()
    {
        using TemporaryFolder folder = new();
        Random random = new(20261124);
        int cut = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            await using (IpdrServer server = await IpdrServer.StartAsync(folder["home"]))
            {
                using HttpClient client = new() { BaseAddress = server.Address };
                Task<bool[]> pushing = Task.WhenAll(Enumerable.Range(0, Pushes).Select(i => TryPushAsync(client, (kill * Pushes) + i)));
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(5, 250)), Cancellation);
                await server.KillAsync();
                cut += (await pushing).Count(pushed => !pushed);
            }
            await using IpdrServer again = await IpdrServer.StartAsync(folder["home"]);
            using HttpClient reader = new() { BaseAddress = again.Address };
            for (int i = 0; i < Pushes; i++)
                await CheckAsync(reader, (kill * Pushes) + i);
            await ContinueUploadsAsync(folder["home"], reader, kill);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{cut} of {Kills * Pushes} pushes were cut off");
        Assert.True(cut >= Kills, $"only {cut} pushes were cut off");
        (await IpdrServer.Over(folder["home"]).RunAsync("gc", "--grace", "0")).OrFail();
        await using IpdrServer last = await IpdrServer.StartAsync(folder["home"]);
        using HttpClient after = new() { BaseAddress = last.Address };
        for (int seed = 0; seed < Kills * Pushes; seed++)
            await CheckAsync(after, seed);
    }

    [Fact]
    public async Task A_full_disk_is_told_and_the_server_recovers()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small file system needs root");
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["home"]);
        ProgramResult mounted = await ExternalProgram.Require("mount").RunAsync("-t", "tmpfs", "-o", "size=16m", "tmpfs", folder["home"]);
        Assert.SkipUnless(mounted.Succeeded, $"no file system can be mounted here: {mounted.Errors.Trim()}");
        try
        {
            await using IpdrServer server = await IpdrServer.StartAsync(folder["home"]);
            using HttpClient client = new() { BaseAddress = server.Address };
            byte[] first = Content(1, 8 << 20), second = Content(2, 12 << 20);
            Assert.Equal(HttpStatusCode.Created, await PostBlobAsync(client, "a", first));
            Assert.Equal(HttpStatusCode.InsufficientStorage, await PostBlobAsync(client, "a", second));
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/v2/a/blobs/{DigestOf(second)}", Cancellation)).StatusCode);
            Assert.Equal(first, await client.GetByteArrayAsync($"/v2/a/blobs/{DigestOf(first)}", Cancellation));
            Assert.Equal(HttpStatusCode.Accepted, (await client.DeleteAsync($"/v2/a/blobs/{DigestOf(first)}", Cancellation)).StatusCode);
            (await IpdrServer.Over(folder["home"]).RunAsync("gc", "--grace", "0")).OrFail();
            Assert.Equal(HttpStatusCode.Created, await PostBlobAsync(client, "a", second));
            Assert.Equal(0, await server.StopAsync());
        }
        finally
        {
            (await ExternalProgram.Require("umount").RunAsync(folder["home"])).OrFail();
        }
    }

    [Fact]
    public async Task A_store_without_a_free_byte_is_said_to_be_full()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small file system needs root");
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["home"]);
        ProgramResult mounted = await ExternalProgram.Require("mount").RunAsync("-t", "tmpfs", "-o", "size=1m", "tmpfs", folder["home"]);
        Assert.SkipUnless(mounted.Succeeded, $"no file system can be mounted here: {mounted.Errors.Trim()}");
        try
        {
            ExternalProgram program = IpdrServer.Over(folder["home"]);
            (await program.RunAsync("push", FixtureCatalogue.Named("docker2010-one.tar").Path)).OrFail();
            await ExternalProgram.Require("dd").RunAsync("if=/dev/zero", $"of={folder["home"]}/fill", "bs=4096");
            ProgramResult refused = await program.RunAsync("list");
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("[disk-full]", refused.Errors, StringComparison.Ordinal);
            File.Delete(Path.Combine(folder["home"], "fill"));
            (await program.RunAsync("gc")).OrFail();
        }
        finally
        {
            (await ExternalProgram.Require("umount").RunAsync(folder["home"])).OrFail();
        }
    }

    /// <summary>Pushes a config, a layer in two pieces and a manifest; false if the server went away.</summary>
    private static async Task<bool> TryPushAsync(HttpClient client, int seed)
    {
        try
        {
            string name = $"r{seed}";
            byte[] config = Content(seed, 500), layer = Content(seed, 300_000);
            if (await PostBlobAsync(client, name, config) != HttpStatusCode.Created)
                return false;
            using HttpResponseMessage begun = await client.PostAsync($"/v2/{name}/blobs/uploads/", null, Cancellation);
            string place = begun.Headers.Location!.ToString();
            using HttpResponseMessage piece = await client.PatchAsync(place, new ByteArrayContent(layer, 0, 200_000), Cancellation);
            using HttpResponseMessage rest = await client.PutAsync($"{place}?digest={DigestOf(layer)}", new ByteArrayContent(layer, 200_000, 100_000), Cancellation);
            using HttpResponseMessage manifest = await client.PutAsync($"/v2/{name}/manifests/1", new ByteArrayContent(Manifest(config, layer)), Cancellation);
            return manifest.StatusCode == HttpStatusCode.Created;
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or SocketException)
        {
            return false;
        }
    }

    /// <summary>What is there is right; a manifest that is there has its blobs.</summary>
    private static async Task CheckAsync(HttpClient client, int seed)
    {
        byte[] config = Content(seed, 500), layer = Content(seed, 300_000);
        using HttpResponseMessage manifest = await client.GetAsync($"/v2/r{seed}/manifests/1", Cancellation);
        foreach (byte[] blob in (byte[][])[config, layer])
        {
            using HttpResponseMessage answer = await client.GetAsync($"/v2/r{seed}/blobs/{DigestOf(blob)}", Cancellation);
            Assert.True(answer.StatusCode == HttpStatusCode.OK || (answer.StatusCode == HttpStatusCode.NotFound && manifest.StatusCode == HttpStatusCode.NotFound), answer.ToString());
            if (answer.IsSuccessStatusCode)
                Assert.Equal(blob, await answer.Content.ReadAsByteArrayAsync(Cancellation));
        }
        if (manifest.IsSuccessStatusCode)
            Assert.Equal(Manifest(config, layer), await manifest.Content.ReadAsByteArrayAsync(Cancellation));
    }

    /// <summary>Uploads that were cut off go on where they stand.</summary>
    private static async Task ContinueUploadsAsync(string home, HttpClient client, int kill)
    {
        foreach (string id in Directory.EnumerateFiles(Path.Combine(home, "uploads")).Select(file => Path.GetFileName(file)!))
        {
            for (int i = 0; i < Pushes; i++)
            {
                int seed = (kill * Pushes) + i;
                string place = $"/v2/r{seed}/blobs/uploads/{id}";
                using HttpResponseMessage status = await client.GetAsync(place, Cancellation);
                if (status.StatusCode != HttpStatusCode.NoContent)
                    continue;
                byte[] layer = Content(seed, 300_000);
                string range = status.Headers.GetValues("Range").Single();
                int done = range == "0-0" ? 0 : int.Parse(range.Split('-')[1]) + 1;
                using HttpResponseMessage rest = await client.PutAsync($"{place}?digest={DigestOf(layer)}", new ByteArrayContent(layer, done, layer.Length - done), Cancellation);
                Assert.Equal(HttpStatusCode.Created, rest.StatusCode);
            }
        }
    }

    private static async Task<HttpStatusCode> PostBlobAsync(HttpClient client, string name, byte[] content)
    {
        using HttpResponseMessage answer = await client.PostAsync($"/v2/{name}/blobs/uploads/?digest={DigestOf(content)}", new ByteArrayContent(content), Cancellation);
        return answer.StatusCode;
    }

    private static byte[] Content(int seed, int length)
    {
        byte[] content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    private static byte[] Manifest(byte[] config, byte[] layer) => Encoding.UTF8.GetBytes($$"""
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
        "config":{"mediaType":"application/vnd.example","digest":"{{DigestOf(config)}}","size":{{config.Length}}},
        "layers":[{"mediaType":"application/vnd.example","digest":"{{DigestOf(layer)}}","size":{{layer.Length}}}]}
        """);

    private static string DigestOf(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
}
