namespace Ipdr.Cli.Tests;

/// <summary>What people see who run it at a terminal.</summary>
public sealed class TerminalTests
{
    [Theory]
    [InlineData(1, "cid", "/nothing/here")]
    [InlineData(2, "nonsense")]
    [InlineData(0, "list", "--help")]
    [InlineData(0, "inspect", "ARCHIVE")]
    public async Task The_keys_of_the_terminal_stay_as_they_are(int expected, params string[] arguments)
    {
        (int code, string shown) = await RunAtTerminalAsync("", [.. arguments.Select(word => word == "ARCHIVE" ? CommandFolder.Archive("docker2010-one.tar") : word)]);
        Assert.Equal(expected, code);
        Assert.NotEmpty(shown);
        Assert.DoesNotContain("\e[?1h", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\e=", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Print one JSON document.", "list", "--help")]
    [InlineData("layer", "inspect", "ARCHIVE")]
    public async Task A_terminal_may_be_narrower_than_what_is_shown(string said, params string[] arguments)
    {
        (int code, string shown) = await RunAtTerminalAsync("stty cols 4; ", [.. arguments.Select(word => word == "ARCHIVE" ? CommandFolder.Archive("docker2010-one.tar") : word)]);
        Assert.Equal(0, code);
        Assert.Contains(said, shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en_US.ISO-8859-1")]
    [InlineData("en_US.UTF-16")]
    [InlineData("C")]
    public async Task A_name_is_printed_as_it_is_written_on_the_disk_under_every_locale(string locale)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "names on disks of Windows are not bytes");
        using CommandFolder folder = new();
        await File.WriteAllTextAsync(folder["grün…"], "x", TestContext.Current.CancellationToken);
        (int code, string output, _) = await IpdrProcess.RunInShellAsync(folder.Path, $"LC_ALL={locale} exec \"$@\"", "cid", "grün…");
        Assert.Equal(0, code);
        Assert.EndsWith("  grün…\n", output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Shown)> RunAtTerminalAsync(string before, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "no script(1) of util-linux here");
        // Its argument is a line of the shell; what it runs gets the words from the environment.
        string words = string.Join(' ', arguments.Select((_, i) => $"\"$WORD{i}\""));
        string given = string.Join(' ', arguments.Select((word, i) => $"WORD{i}='{word}'"));
        (int code, string output, _) = await IpdrProcess.RunInShellAsync(".", $"HOST=$1 PROGRAM=$2 TERM=xterm {given} exec timeout 60 script -qec '{before}\"$HOST\" \"$PROGRAM\" {words}' /dev/null");
        return (code, output);
    }
}
