using System.Diagnostics;

namespace Ipdr.Cli.Tests;

/// <summary>What services and schedulers start programs with.</summary>
public sealed class SurroundingsTests
{
    [Fact]
    public async Task A_home_that_is_not_there_is_not_taken_for_the_working_folder()
    {
        using CommandFolder folder = new();
        Directory.CreateDirectory(folder["here"]);
        Assert.Equal(0, await RunInShellAsync(folder["here"], "unset XDG_DATA_HOME IPDR_HOME; HOME=\"$PWD/../away\" exec \"$@\"", "push", CommandFolder.Archive("docker2010-one.tar")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["here"]));
        Assert.True(Directory.Exists(Path.Combine(folder["away"], ".local", "share", "ipdr")));
    }

    [Fact]
    public async Task A_car_whose_reader_leaves_is_lost_and_a_list_whose_reader_leaves_is_not()
    {
        using CommandFolder folder = new();
        await File.WriteAllBytesAsync(folder["file"], new byte[4 << 20], TestContext.Current.CancellationToken);
        foreach ((string[] arguments, int expected, string said) in new[] { (new[] { "cid", folder["file"], "--car", "-" }, 1, "standard output: its reader ended"), (["cid", "--help"], 0, "") })
        {
            using Process process = IpdrProcess.Start(arguments);
            process.StandardOutput.Close();
            string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(expected, process.ExitCode);
            Assert.Contains(said, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_full_volume_is_named_where_results_go_and_does_not_matter_where_messages_go()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "no /dev/full here");
        using CommandFolder folder = new();
        string archive = CommandFolder.Archive("docker2010-one.tar");
        Assert.Equal(1, await RunInShellAsync(folder["."], "exec \"$@\" >/dev/full 2>said", "inspect", archive));
        Assert.Contains("standard output: no space is left on the volume [disk-full]", await File.ReadAllTextAsync(folder["said"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, await RunInShellAsync(folder["."], "exec \"$@\" 2>/dev/full", "convert", archive, "-o", folder["layout"]));
        Assert.Equal(2, await RunInShellAsync(folder["."], "exec \"$@\" 2>/dev/full", "nonsense"));
    }

    [Fact]
    public async Task A_closed_standard_output_loses_a_list_and_refuses_an_archive()
    {
        using CommandFolder folder = new();
        string archive = CommandFolder.Archive("docker2010-one.tar");
        Assert.Equal(0, await RunInShellAsync(folder["."], "exec \"$@\" >&-", "inspect", archive));
        Assert.Equal(1, await RunInShellAsync(folder["."], "exec \"$@\" >&- 2>said", "copy", archive, "docker-archive:-"));
        Assert.Contains("standard output: it is closed [io]", await File.ReadAllTextAsync(folder["said"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_missed_by_its_socket()
    {
        using CommandFolder folder = new();
        Assert.Equal(1, await RunInShellAsync(folder["."], "IPDR_HOME=\"$PWD/store\" DOCKER_HOST=\"unix://$PWD/absent.sock\" exec \"$@\" 2>said", "push", "app:1.0"));
        Assert.Contains("absent.sock: the container engine does not answer: there is no such socket [engine-unreachable]", await File.ReadAllTextAsync(folder["said"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkdir gone && cd gone && rmdir ../gone; exec \"$@\" 2>../said", "the working folder is not there any more [io]", "convert", "x.tar")]
    [InlineData("IPDR_HOME=\"$PWD/said\" exec \"$@\" 2>said", "a file stands where a folder is needed", "list")]
    [InlineData("TMPDIR=\"$PWD/absent\" exec \"$@\" 2>said </dev/null", "no temporary folder can be made there [io]", "car", "ls", "-")]
    public async Task What_is_wrong_around_the_program_is_said_in_its_own_words(string script, string expected, params string[] arguments)
    {
        using CommandFolder folder = new();
        Assert.Equal(1, await RunInShellAsync(folder["."], script, arguments));
        Assert.Contains(expected, await File.ReadAllTextAsync(folder["said"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_that_was_cut_off_between_members_is_not_taken_for_an_old_one()
    {
        using CommandFolder folder = new();
        byte[] archive = await File.ReadAllBytesAsync(CommandFolder.Archive("docker2010-one.tar"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder["cut.tar"], archive[..9216], TestContext.Current.CancellationToken);
        (int code, _, string error) = await IpdrProcess.RunAsync("convert", folder["cut.tar"], "-o", folder["layout"]);
        Assert.Equal(1, code);
        Assert.Contains("it was cut off [missing-manifest]", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"imageLayoutVersion\":\"2.0.0\"}", "unsupported-version")]
    [InlineData("", "bad-manifest")]
    public async Task A_layout_of_another_version_is_not_copied(string marker, string code)
    {
        using CommandFolder folder = new();
        await IpdrProcess.RunAsync("convert", CommandFolder.Archive("docker2010-one.tar"), "-o", folder["layout"]);
        await File.WriteAllTextAsync(Path.Combine(folder["layout"], "oci-layout"), marker, TestContext.Current.CancellationToken);
        (int exit, _, string error) = await IpdrProcess.RunAsync("copy", $"oci:{folder["layout"]}", $"oci:{folder["copied"]}");
        Assert.Equal(1, exit);
        Assert.Contains($"[{code}]", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_to_do_about_a_name_cannot_steer_the_terminal()
    {
        using CommandFolder folder = new();
        string archive = folder["a\e]0;title\a.tar"];
        await File.WriteAllBytesAsync(archive, [], TestContext.Current.CancellationToken);
        Directory.CreateDirectory(archive[..^".tar".Length]);
        (int code, _, string error) = await IpdrProcess.RunAsync("convert", archive);
        Assert.Equal(1, code);
        Assert.Contains("Say so with -o ", error, StringComparison.Ordinal);
        Assert.DoesNotContain(error, c => char.IsControl(c) && c != '\n');
    }

    private static async Task<int> RunInShellAsync(string workingFolder, string script, params string[] arguments) =>
        (await IpdrProcess.RunInShellAsync(workingFolder, script, arguments)).Code;
}
