using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

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

    [Fact]
    public async Task What_strangers_have_written_cannot_steer_the_terminal()
    {
        using CommandFolder folder = new();
        string digest = await WriteHostileLayoutAsync(folder["hostile"]);
        await TarFile.CreateFromDirectoryAsync(folder["hostile"], folder["hostile.tar"], includeBaseDirectory: false, TestContext.Current.CancellationToken);
        foreach (string line in (string[])[
            "convert hostile.tar --dry-run", "inspect hostile", $"copy oci:hostile:{digest} store:hostile:1", "list", "list --json", "verify hostile", "inspect hostile --json"])
        {
            (_, string output, string error) = await IpdrProcess.RunInShellAsync(folder.Path, $"IPDR_HOME=$PWD/store exec \"$@\" {line}");
            Assert.NotEmpty(output);
            Assert.DoesNotContain(output + error, c => char.IsControl(c) && c != '\n');
        }
    }

    [Fact]
    public async Task A_password_is_not_shown_and_the_terminal_shows_what_is_typed_after_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "no script(1) of util-linux here");
        using CommandFolder folder = new();
        // Nobody listens at port 1, so all that happens is that somebody is asked.
        const string Type = """
            mkfifo keys; exec 3<>keys; export LOGIN="'$1' '$2' login --authfile auth.json 127.0.0.1:1"
            timeout 60 script -qefc 'sh -c "$LOGIN"; code=$?; stty -a; exit $code' /dev/null <keys >shown & 
            until grep -q 'Name at 127.0.0.1:1: ' shown; do sleep 0.1; done; echo somebody >&3
            until grep -q 'Password: ' shown; do sleep 0.1; done; echo hunter2 >&3
            wait $!; code=$?; cat shown; exit $code
            """;
        (int code, string shown, _) = await IpdrProcess.RunInShellAsync(folder.Path, Type);
        Assert.Equal(1, code);
        Assert.Contains("somebody", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", shown, StringComparison.Ordinal);
        Assert.Contains("registry-unreachable", shown, StringComparison.Ordinal);
        Assert.Contains(" echo ", shown, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["auth.json"]));
    }

    // An image and an artifact that carry what a terminal obeys wherever text may stand; the digest is the image's.
    private static async Task<string> WriteHostileLayoutAsync(string folder)
    {
        const string Escape = "\\u001b[2J\\u009b31m";
        Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256"));
        string layer = await PutAsync("application/vnd.oci.image.layer.v1.tar", new byte[1024], "");
        string diffId = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(new byte[1024]))}";
        string config = await PutAsync(
            "application/vnd.oci.image.config.v1+json", Encoding.UTF8.GetBytes($$"""{"os":"linux{{Escape}}","architecture":"a{{Escape}}","rootfs":{"type":"layers","diff_ids":["{{diffId}}"]} }"""), "");
        byte[] manifest = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{config}},"layers":[{{layer}}]}""");
        string image = await PutAsync("application/vnd.oci.image.manifest.v1+json", manifest, $$""","annotations":{"org.opencontainers.image.ref.name":"v{{Escape}}","io.containerd.image.name":"x{{Escape}}"}""");
        string empty = await PutAsync("application/vnd.oci.empty.v1+json", "{}"u8.ToArray(), "");
        string artifact = await PutAsync(
            "application/vnd.oci.image.manifest.v1+json",
            Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"a/{{Escape}}","config":{{empty}},"layers":[]}"""),
            $$""","artifactType":"a/{{Escape}}" """);
        await File.WriteAllTextAsync(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        await File.WriteAllTextAsync(Path.Combine(folder, "index.json"), $$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{image}},{{artifact}}]}""");
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(manifest))}";

        async Task<string> PutAsync(string mediaType, byte[] content, string more)
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(content));
            await File.WriteAllBytesAsync(Path.Combine(folder, "blobs", "sha256", hash), content);
            return $$"""{"mediaType":"{{mediaType}}","digest":"sha256:{{hash}}","size":{{content.Length}}{{more}}}""";
        }
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
