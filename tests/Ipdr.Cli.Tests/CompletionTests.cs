using System.Diagnostics;

namespace Ipdr.Cli.Tests;

/// <summary>What shells ask the program, and what they make of it.</summary>
public sealed class CompletionTests
{
    // What bash itself sets before it calls the function of a command.
    private const string AskBash = """
        ipdr() { "$host" "$program" "$@"; }
        eval "$(ipdr completion bash)"
        COMP_LINE=$line COMP_POINT=${#line}
        read -ra COMP_WORDS <<<"${line//=/ = }"
        [[ $line == *" " ]] && COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _ipdr
        echo "${COMPREPLY[*]}"
        """;

    [Theory]
    [InlineData("ipdr conv", "convert")]
    [InlineData("ipdr car ", "ls unpack verify")]
    [InlineData("ipdr convert --compress", "--compression")]
    [InlineData("ipdr convert --compression ", "auto gzip none preserve zstd")]
    [InlineData("ipdr convert --compression z", "zstd")]
    [InlineData("ipdr convert --layout=reg", "registry-v2")]
    [InlineData("ipdr convert a.tar --log-level d", "debug")]
    [InlineData("ipdr completion ", "bash fish zsh")]
    [InlineData("ipdr convert ", "")]
    [InlineData("ipdr convert image", "")]
    [InlineData("ipdr cid --json ", "")]
    [InlineData("ipdr cid --hidden=", "")]
    [InlineData("ipdr inspect --conf", "--config")]
    [InlineData("ipdr verify --ke", "--key")]
    [InlineData("ipdr push --ref", "--referrers")]
    [InlineData("ipdr pull --ref", "--referrers")]
    public async Task Bash_completes(string line, string expected)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "no bash here");
        ProcessStartInfo start = new("/bin/bash", ["-c", AskBash]) { RedirectStandardOutput = true };
        (start.Environment["host"], start.Environment["program"], start.Environment["line"]) = (IpdrProcess.Host, IpdrProcess.Program, line);
        using Process process = Process.Start(start)!;
        Assert.Equal(expected + "\n", await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("bash", "complete -o bashdefault -o default -F _ipdr ipdr\n")]
    [InlineData("zsh", "#compdef ipdr\n")]
    [InlineData("fish", "complete --command ipdr --arguments '(__ipdr_suggest)'\n")]
    public async Task Each_shell_has_a_script(string shell, string line)
    {
        (int code, string output, string error) = await IpdrProcess.RunAsync("completion", shell);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(line, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_shell_is_a_usage_error()
    {
        (int code, string output, string error) = await IpdrProcess.RunAsync("completion", "csh");
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("ipdr completion: \"csh\" is not one of bash, zsh, fish\n", error, StringComparison.Ordinal);
    }
}
