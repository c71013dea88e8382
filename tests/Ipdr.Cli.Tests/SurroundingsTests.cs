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
        Assert.Equal(0, await RunInShellAsync(folder["here"], "unset XDG_DATA_HOME IPDR_HOME; HOME=\"$PWD/../away\" exec \"$@\"", "list"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["here"]));
        Assert.True(Directory.Exists(Path.Combine(folder["away"], ".local", "share", "ipdr")));
    }

    private static async Task<int> RunInShellAsync(string workingFolder, string script, params string[] arguments)
    {
        ProcessStartInfo start = new("sh", ["-c", script, "sh", IpdrProcess.Host, IpdrProcess.Program, .. arguments]) { WorkingDirectory = workingFolder, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }
}
