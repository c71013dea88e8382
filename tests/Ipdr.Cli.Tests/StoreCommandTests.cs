using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Ipdr.Cli.Tests;

/// <summary>The commands of the store as processes: exit codes, stdout, stderr.</summary>
public sealed class StoreCommandTests : IDisposable
{
    private const int SigTerm = 15;

    private readonly string _folder = Directory.CreateTempSubdirectory("ipdr-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_image_is_listed_named_removed_and_collected()
    {
        using (Process server = Start("serve", "--port", "0"))
        {
            string address = (await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;
            using HttpClient client = new() { BaseAddress = new Uri(address) };
            await PushAsync(client);
            server.Kill();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        using (JsonDocument listed = JsonDocument.Parse((await RunAsync("list", "--json")).Output))
        {
            JsonElement image = Assert.Single(listed.RootElement.GetProperty("images").EnumerateArray());
            Assert.Equal(("team/app", "1"), (image.GetProperty("repository").GetString(), image.GetProperty("tag").GetString()));
            Assert.Equal((await RunAsync("dig", "team/app:1", "--short")).Output.Trim(), image.GetProperty("cid").GetString());
        }
        Assert.Equal(0, (await RunAsync("tag", "team/app:1", "other/name")).Code);
        Assert.Equal("other/name:latest\nteam/app:1\n", (await RunAsync("list", "-s")).Output);
        Assert.Equal(1, (await RunAsync("tag", "team/app:none", "other/name:2")).Code);
        Assert.Contains("removed team/app:1", (await RunAsync("rm", "team/app:1")).Output, StringComparison.Ordinal);
        (int code, _, string error) = await RunAsync("rm", "team/app:1", "no/such");
        Assert.Equal(1, code);
        Assert.Contains("not-found", error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("rm", "other/name:latest", "-s")).Code);
        using (JsonDocument collected = JsonDocument.Parse((await RunAsync("gc", "--dry-run", "--grace", "0", "--json")).Output))
            Assert.Single(collected.RootElement.GetProperty("manifests").EnumerateArray());
        Assert.Contains("removed 1 manifest, 1 blob", (await RunAsync("gc", "--grace", "0")).Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "home", "blobs"), "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("inspect", "store:team/app:1")]
    [InlineData("list", "store:")]
    [InlineData("copy", "store:team/app:1", "oci:{0}/copied")]
    [InlineData("verify", "store:")]
    [InlineData("verify", "store:team/app:1")]
    [InlineData("verify", "{0}/layout", "--repair-from", "store:")]
    [InlineData("push", "store:team/app:1")]
    [InlineData("rm", "team/app:1")]
    [InlineData("tag", "team/app:1", "other")]
    [InlineData("gc")]
    [InlineData("gc", "--dry-run")]
    [InlineData("dig", "team/app:1")]
    public async Task A_store_that_is_not_there_is_told_and_none_is_made(params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync([.. arguments.Select(argument => argument.Replace("{0}", _folder, StringComparison.Ordinal))]);
        Assert.Equal(1, code);
        if (!arguments.Contains("--repair-from"))
            Assert.Contains("there is no store", output + error, StringComparison.Ordinal);
        Assert.False(Path.Exists(Path.Combine(_folder, "home")));
        Assert.False(Path.Exists(Path.Combine(_folder, "copied")));
    }

    [Fact]
    public async Task A_store_that_is_not_there_has_no_images_to_list()
    {
        Assert.Equal((0, "", ""), await RunAsync("list"));
        Assert.Equal((0, "", ""), await RunAsync("list", "-s"));
        using JsonDocument listed = JsonDocument.Parse((await RunAsync("list", "--json")).Output);
        Assert.Empty(listed.RootElement.GetProperty("images").EnumerateArray());
        // Of a CID others may be asked.
        (int code, _, string error) = await RunAsync("inspect", "ipfs://bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy");
        Assert.Equal(1, code);
        Assert.DoesNotContain("there is no store", error, StringComparison.Ordinal);
        (code, _, error) = await RunAsync("dig", "team/app:1", "--cid-resolver", "file:" + _folder);
        Assert.Equal(1, code);
        Assert.Contains("nothing has that name", error, StringComparison.Ordinal);
        Assert.False(Path.Exists(Path.Combine(_folder, "home")));
    }

    [Fact]
    public async Task A_store_without_its_catalogue_is_not_begun_anew_by_who_reads_it()
    {
        Assert.Equal(0, (await RunAsync("push", "-s", CommandFolder.Archive("docker2010-one.tar"))).Code);
        File.Delete(Path.Combine(_folder, "home", "catalogue.db"));
        (int code, _, string error) = await RunAsync("list");
        Assert.Equal(1, code);
        Assert.Contains("[store-damaged]", error, StringComparison.Ordinal);
        Assert.False(Path.Exists(Path.Combine(_folder, "home", "catalogue.db")));
    }

    [Fact]
    public async Task Names_in_a_layout_have_cids_for_dig_and_for_a_server_of_it()
    {
        string layout = Path.Combine(_folder, "layout");
        (_, string converted, _) = await RunAsync("convert", CommandFolder.Archive("docker2010-one.tar"), "-o", layout);
        string cid = (await RunAsync("dig", "fixture/one:1.0", layout, "--short")).Output;
        Assert.StartsWith("bafy", cid, StringComparison.Ordinal);
        Assert.Contains(cid.Trim(), converted, StringComparison.Ordinal);
        Assert.Contains("not-found", (await RunAsync("dig", "fixture/one:2.0", layout, "--short")).Error, StringComparison.Ordinal);
        using Process server = Start("serve", "--port", "0", layout);
        using HttpClient client = new() { BaseAddress = new Uri((await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!) };
        Assert.Equal(cid, await client.GetStringAsync("/dig?q=fixture/one:1.0&short=true", TestContext.Current.CancellationToken));
        using HttpResponseMessage pulled = await client.GetAsync($"/v2/{cid.Trim()}/manifests/1.0", TestContext.Current.CancellationToken);
        Assert.True(pulled.IsSuccessStatusCode);
        server.Kill();
        await server.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_archive_has_one_CID_whether_it_is_pushed_converted_or_served_in_place()
    {
        string archive = Path.Combine(_folder, "one.tar"), packed = Path.Combine(_folder, "packed");
        await RunAsync("convert", CommandFolder.Archive("docker2010-one.tar"), "-o", packed);
        await System.Formats.Tar.TarFile.CreateFromDirectoryAsync(packed, archive, includeBaseDirectory: false, TestContext.Current.CancellationToken);
        string cid = (await RunAsync("push", archive, "-s")).Output.Trim();
        (_, string converted, _) = await RunAsync("convert", archive, "--layout", "universal", "-o", Path.Combine(_folder, "layout"));
        Assert.Contains(cid, converted, StringComparison.Ordinal);
        string name = (await RunAsync("list", "-s")).Output.Trim();
        Assert.Equal(cid, (await RunAsync("dig", name, archive, "--short")).Output.Trim());
        using Process server = Start("serve", "--port", "0", archive);
        using HttpClient client = new() { BaseAddress = new Uri((await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!) };
        foreach (string path in (string[])[$"/v2/{cid}/manifests/{name.Split(':')[1]}", $"/ipfs/{cid}?format=car"])
        {
            using HttpResponseMessage answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
        }
        Assert.Contains(cid, await client.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        server.Kill();
        await server.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("serve", "--port", "70000")]
    [InlineData("serve", "--tls-cert", "x.pem")]
    [InlineData("serve", "--listen", "example.org")]
    [InlineData("serve", "--pusher", "ann")]
    [InlineData("gc", "--grace", "-1")]
    [InlineData("rm")]
    [InlineData("rm", "NOT A NAME")]
    [InlineData("tag", "a")]
    public async Task A_wrong_command_line_gives_exit_code_2(params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task A_second_interruption_ends_a_server_that_waits_for_a_transfer()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using Process server = Start("serve", "--port", "0", "--log-level", "warning");
        Uri address = new((await server.StandardOutput.ReadLineAsync(token))!);
        using TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port, token);
        string head = $"POST /v2/team/app/blobs/uploads/?digest=sha256:{new string('a', 64)} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), token);
        byte[] answer = new byte["HTTP/1.1 100".Length];
        await client.GetStream().ReadExactlyAsync(answer, token);
        Assert.Equal("HTTP/1.1 100", Encoding.ASCII.GetString(answer));

        await TerminateAsync(server);
        Assert.Equal("ipdr: waiting up to 300 s for transfers to end; another Ctrl-C or SIGTERM ends them now", await server.StandardError.ReadLineAsync(token));
        Assert.False(server.HasExited);
        await TerminateAsync(server);
        await server.WaitForExitAsync(token);
        Assert.Equal(128 + SigTerm, server.ExitCode);
    }

    [Fact]
    public async Task What_is_no_layout_is_not_served()
    {
        (int code, _, string error) = await RunAsync("serve", "--port", "0", _folder);
        Assert.Equal(1, code);
        Assert.Contains("ipdr convert", error, StringComparison.Ordinal);
    }

    private static async Task TerminateAsync(Process process)
    {
        using Process kill = Process.Start("kill", [$"-{SigTerm}", $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static async Task PushAsync(HttpClient client)
    {
        const string Config = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        using HttpResponseMessage blob = await client.PostAsync($"/v2/team/app/blobs/uploads/?digest={Config}", new StringContent("{}"), TestContext.Current.CancellationToken);
        blob.EnsureSuccessStatusCode();
        StringContent manifest = new(
            $$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/vnd.example","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{{Config}}","size":2},"layers":[]}""",
            new System.Net.Http.Headers.MediaTypeHeaderValue("application/vnd.oci.image.manifest.v1+json"));
        using HttpResponseMessage pushed = await client.PutAsync("/v2/team/app/manifests/1", manifest, TestContext.Current.CancellationToken);
        pushed.EnsureSuccessStatusCode();
    }

    private Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "ipdr.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["IPDR_HOME"] = Path.Combine(_folder, "home");
        return Process.Start(start)!;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using Process process = Start(arguments);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
