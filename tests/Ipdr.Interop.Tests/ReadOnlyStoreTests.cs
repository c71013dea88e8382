using System.Buffers.Binary;
using System.Net;
using Ipdr.Interop.Tests.Archives;
using Ipdr.Interop.Tests.Layouts;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>A store that cannot be written, as on a disc or another user's, can be read.</summary>
public sealed class ReadOnlyStoreTests
{
    private const string Refusal = "the store can only be read here";

    [Fact]
    public async Task A_store_that_was_closed_gives_all_it_has_and_takes_nothing()
    {
        using TemporaryFolder folder = new();
        (string cid, string imageId) = await FillAsync(folder);
        await using ReadOnlyView view = await ReadOnlyView.OpenAsync(folder["store"]);
        ExternalProgram program = IpdrServer.Over(view.Path);
        Assert.Equal("read/only:1", (await program.RunAsync("list", "-s")).OrFail().Text);
        Assert.Contains(cid, (await program.RunAsync("inspect", "store:read/only:1")).OrFail().Text, StringComparison.Ordinal);
        Assert.Equal(cid, (await program.RunAsync("dig", "--short", "read/only:1")).OrFail().Text);
        (await program.RunAsync("gc", "--dry-run")).OrFail();
        (await program.RunAsync("copy", "store:read/only:1", $"oci:{folder["copied"]}")).OrFail();
        (await program.RunAsync("pull", cid, "--to", $"oci:{folder["pulled"]}")).OrFail();
        Assert.Equal(cid, (await program.RunAsync("push", "-s", "store:read/only:1", "--to", $"car={folder["image.car"]}")).OrFail().Text);
        (await program.RunAsync("car", "verify", folder["image.car"])).OrFail();
        Assert.Equal([imageId], new OciLayoutFolder(folder["copied"]).ImageIds);
        Assert.Equal([imageId], new OciLayoutFolder(folder["pulled"]).ImageIds);
        foreach (string[] change in (string[][])[["tag", "read/only:1", "read/only:2"], ["rm", "read/only:1"], ["gc"], ["push", folder["image.tar"]], ["pull", cid, "--to", "store"]])
        {
            ProgramResult refused = await program.RunAsync(change);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains(Refusal, refused.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_over_it_is_one_that_nobody_pushes_to()
    {
        using TemporaryFolder folder = new();
        (string cid, _) = await FillAsync(folder);
        await using ReadOnlyView view = await ReadOnlyView.OpenAsync(folder["store"]);
        await using IpdrServer server = await IpdrServer.StartAsync(view.Path);
        using HttpClient client = new() { BaseAddress = server.Address };
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client.GetAsync("/v2/read/only/manifests/1", Cancellation)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client.GetAsync($"/ipfs/{cid}?format=car", Cancellation)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client.GetAsync("/ready", Cancellation)));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await StatusAsync(client.PostAsync("/v2/read/only/blobs/uploads/", null, Cancellation)));
    }

    [Fact]
    public async Task What_others_write_meanwhile_is_seen()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "writing what others may only read needs root here");
        using TemporaryFolder folder = new();
        await FillAsync(folder);
        ExternalProgram writer = IpdrServer.Over(folder["store"]);
        await using ReadOnlyView view = await ReadOnlyView.OpenAsync(folder["store"]);
        await using IpdrServer server = await IpdrServer.StartAsync(view.Path);
        using HttpClient client = new() { BaseAddress = server.Address };
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client.GetAsync("/v2/read/only/manifests/2", Cancellation)));
        (await writer.RunAsync("tag", "read/only:1", "read/only:2")).OrFail();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client.GetAsync("/v2/read/only/manifests/2", Cancellation)));
        await using IpdrServer other = await IpdrServer.StartAsync(folder["store"]);
        (await writer.RunAsync("tag", "read/only:1", "read/only:3")).OrFail();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client.GetAsync("/v2/read/only/manifests/3", Cancellation)));
    }

    [Fact]
    public async Task The_log_of_a_writer_that_was_killed_is_read_or_missed_by_name()
    {
        using TemporaryFolder folder = new();
        await FillAsync(folder);
        await using (IpdrServer killed = await IpdrServer.StartAsync(folder["store"]))
        {
            (await IpdrServer.Over(folder["store"]).RunAsync("tag", "read/only:1", "read/only:2")).OrFail();
            await killed.KillAsync();
        }
        Assert.NotEqual(0, new FileInfo(Path.Combine(folder["store"], "catalogue.db-wal")).Length);
        await using (ReadOnlyView view = await ReadOnlyView.OpenAsync(folder["store"]))
            Assert.Equal("read/only:1\nread/only:2", (await IpdrServer.Over(view.Path).RunAsync("list", "-s")).OrFail().Text);
        File.Delete(Path.Combine(folder["store"], "catalogue.db-shm"));
        await using (ReadOnlyView view = await ReadOnlyView.OpenAsync(folder["store"]))
        {
            ProgramResult refused = await IpdrServer.Over(view.Path).RunAsync("list", "-s");
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("still in its log", refused.Errors, StringComparison.Ordinal);
        }
        Assert.Equal("read/only:1\nread/only:2", (await IpdrServer.Over(folder["store"]).RunAsync("list", "-s")).OrFail().Text);
        Assert.False(File.Exists(Path.Combine(folder["store"], "catalogue.db-wal")));
    }

    [Fact]
    public async Task One_of_an_older_release_has_to_be_brought_forward_where_it_can_be_written()
    {
        using TemporaryFolder folder = new();
        await FillAsync(folder);
        await using (FileStream catalogue = File.OpenWrite(Path.Combine(folder["store"], "catalogue.db")))
        {
            // user_version, as of sqlite.org/fileformat.html.
            byte[] version = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(version, 1);
            catalogue.Position = 60;
            await catalogue.WriteAsync(version, Cancellation);
        }
        await using ReadOnlyView view = await ReadOnlyView.OpenAsync(folder["store"]);
        ProgramResult refused = await IpdrServer.Over(view.Path).RunAsync("list");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("written by an older ipdr", refused.Errors, StringComparison.Ordinal);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<(string Cid, string ImageId)> FillAsync(TemporaryFolder folder)
    {
        GeneratedArchive archive = await GeneratedArchive.WriteAsync(folder["image.tar"], "read/only:1", layers: 2, bytesPerLayer: 1 << 20, seed: 3);
        return ((await IpdrServer.Over(folder["store"]).RunAsync("push", "-s", archive.Path)).OrFail().Text, archive.ImageId);
    }

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> asked)
    {
        using HttpResponseMessage answer = await asked;
        return answer.StatusCode;
    }
}
