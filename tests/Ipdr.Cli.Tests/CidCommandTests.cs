using System.Diagnostics;
using System.Text.Json;

namespace Ipdr.Cli.Tests;

/// <summary>The command as a process: exit codes, stdout, stderr.</summary>
public sealed class CidCommandTests : IDisposable
{
    private const string HelloV1 = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e";
    private const string HelloV0 = "Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD";

    private readonly string _folder = Directory.CreateTempSubdirectory("ipdr-cid-").FullName;

    public CidCommandTests()
    {
        Write("hello", "hello world");
        Write("tree/a.txt", "a");
        Write("tree/.hidden", "b");
        Write("tree/sub/c.log", "c");
        Write("tree/sub/d.txt", "d");
    }

    [Fact]
    public async Task A_line_tells_the_cid_and_the_path()
    {
        (int code, string output, _) = await RunAsync("cid", In("hello"), In("tree"));
        Assert.Equal(0, code);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal($"{HelloV1}  {In("hello")}", lines[0]);
        Assert.EndsWith($"  {In("tree")}", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HelloV1)]
    [InlineData(HelloV1, "--profile", "kubo-cid-v1")]
    [InlineData(HelloV0, "--profile", "unixfs-v0-2015")]
    [InlineData(HelloV0, "--cid-version", "0")]
    [InlineData(HelloV1, "--profile", "unixfs-v0-2015", "--cid-version", "1")]
    [InlineData(HelloV1, "--profile", "unixfs-v0-2015", "--raw-leaves")]
    [InlineData("bafybeihykld7uyxzogax6vgyvag42y7464eywpf55gxi5qpoisibh3c5wa", "--raw-leaves=false")]
    public async Task What_is_not_said_follows_from_what_is(string cid, params string[] options) =>
        Assert.Equal(cid, (await RunAsync(["cid", In("hello"), "--silent", .. options])).Output.Trim());

    [Fact]
    public async Task Standard_input_is_a_file()
    {
        (int code, string output, _) = await IpdrProcess.RunAsync("hello world"u8.ToArray(), "cid", "-", "-s");
        Assert.Equal((0, HelloV1), (code, output.Trim()));
    }

    [Fact]
    public async Task Json_tells_the_rules()
    {
        (_, string output, _) = await RunAsync("cid", In("tree"), "--json", "--recursive", "--profile", "unixfs-v0-2015", "--chunker", "size-1000", "--exclude", "**/*.log");
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Equal(["tree", "tree/.hidden", "tree/a.txt", "tree/sub", "tree/sub/d.txt"], document.RootElement.GetProperty("entries").EnumerateArray().Select(entry => Path.GetRelativePath(_folder, entry.GetProperty("path").GetString()!)));
        JsonElement profile = document.RootElement.GetProperty("profile");
        Assert.Equal(JsonValueKind.Null, profile.GetProperty("name").ValueKind);
        Assert.Equal("size-1000", profile.GetProperty("chunker").GetString());
        Assert.False(profile.GetProperty("rawLeaves").GetBoolean());
        Assert.Equal("**/*.log", document.RootElement.GetProperty("selection").GetProperty("exclude")[0].GetString());
    }

    [Theory]
    [InlineData("tree/.hidden", "--hidden=false")]
    [InlineData("tree/sub", "--exclude", "sub/")]
    [InlineData("tree/sub/c.log", "--exclude", "**/*.log")]
    [InlineData("tree/sub", "--include", "*")]
    public async Task What_is_left_out_is_as_if_it_were_not_there(string gone, params string[] options)
    {
        string filtered = (await RunAsync(["cid", In("tree"), "-s", .. options])).Output;
        if (Directory.Exists(In(gone)))
            Directory.Delete(In(gone), recursive: true);
        else
            File.Delete(In(gone));
        Assert.Equal((await RunAsync("cid", In("tree"), "-s")).Output, filtered);
    }

    [Fact]
    public async Task A_link_is_a_link_unless_it_is_to_be_followed()
    {
        File.CreateSymbolicLink(In("link"), "hello");
        Assert.NotEqual(HelloV1, (await RunAsync("cid", In("link"), "-s")).Output.Trim());
        Assert.Equal(HelloV1, (await RunAsync("cid", In("link"), "-s", "--dereference-args")).Output.Trim());
    }

    [Fact]
    public async Task A_link_in_the_working_folder_leads_on_from_there()
    {
        File.CreateSymbolicLink(In("link"), "hello");
        // A folder that there is at the root too.
        Write("etc/hello", "hello world");
        File.CreateSymbolicLink(In("folder"), "etc");
        ProcessStartInfo start = new(IpdrProcess.Host, [IpdrProcess.Program, "cid", "-s", "--dereference-args", "link", "folder"]) { WorkingDirectory = _folder, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        (_, string expected, _) = await RunAsync("cid", "-s", In("hello"), In("etc"));
        Assert.Equal((0, expected), (process.ExitCode, output));
    }

    [Fact]
    public async Task The_car_of_a_directory_is_the_same_in_a_file_and_on_standard_output()
    {
        (int code, _, _) = await RunAsync("cid", In("tree"), "--car", In("tree.car"));
        Assert.Equal(0, code);
        // Both are read as text, in which what is no UTF-8 is replaced in the same way.
        (_, string piped, string report) = await RunAsync("cid", In("tree"), "--car", "-");
        Assert.Equal(System.Text.Encoding.UTF8.GetString(await File.ReadAllBytesAsync(In("tree.car"), TestContext.Current.CancellationToken)), piped);
        Assert.Contains(In("tree"), report, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder), path => Path.GetFileName(path).StartsWith('.'));
    }

    [Fact]
    public async Task One_path_that_fails_does_not_stop_the_others()
    {
        (int code, string output, string error) = await RunAsync("cid", In("nothing"), In("hello"), "-s");
        Assert.Equal((1, HelloV1), (code, output.Trim()));
        Assert.Contains("[io]", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cid")]
    [InlineData("cid", "x", "--chunker", "rabin")]
    [InlineData("cid", "x", "--chunker", "size-0")]
    [InlineData("cid", "x", "--max-hamt-fanout", "12")]
    [InlineData("cid", "x", "--cid-version", "0", "--hash", "blake3")]
    [InlineData("cid", "x", "--profile", "unixfs-v2")]
    [InlineData("cid", "-", "--car", "y")]
    [InlineData("cid", "x", "y", "--car", "z")]
    [InlineData("cid", "x", "--car-version", "2")]
    [InlineData("cid", "-", "--preserve-mtime")]
    [InlineData("convert", "x", "--no-cid", "--profile", "kubo-cid-v1")]
    [InlineData("convert", "x", "--no-cid", "--car", "y")]
    [InlineData("convert", "x", "--dry-run", "--car", "y")]
    public async Task A_wrong_command_line_gives_exit_code_2(params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.NotEmpty(error);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string In(string name) => Path.Combine(_folder, name);

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
        File.WriteAllText(In(name), content);
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => IpdrProcess.RunAsync(arguments);
}
