namespace Ipdr.Cli.Tests;

/// <summary>Slips on the command line: exit code 2, and a sentence that names what was written and what was perhaps meant.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("ipdr convert: there is no option --compresion; did you mean --compression?", "convert", "--compresion", "gzip", "a.tar")]
    [InlineData("ipdr convert: there is no option --compresion; did you mean --compression?", "convert", "a.tar", "--compresion=gzip")]
    [InlineData("ipdr convert: there is no option --compresion; did you mean --compression?", "convert", "-o", "--compresion", "a.tar")]
    [InlineData("ipdr verify: there is no option --quik; did you mean --quick?", "verify", "--quik", "DIR")]
    [InlineData("ipdr serve: there is no option --prot; did you mean --port?", "serve", "--prot", "80")]
    [InlineData("ipdr list: there is no option --lgo-level; did you mean --log-level?", "list", "--lgo-level", "debug")]
    [InlineData("ipdr convert: there is no option -x; a file of that name is written ./-x", "convert", "-x", "a.tar")]
    [InlineData("ipdr: there is no command inspec; did you mean inspect?", "inspec", "a.tar")]
    [InlineData("ipdr: there is no command frobnicate", "frobnicate")]
    [InlineData("ipdr: a command is missing: convert, copy,")]
    [InlineData("ipdr car: a command is missing: ls, verify, unpack", "car")]
    [InlineData("ipdr convert: SRC is missing", "convert")]
    [InlineData("ipdr copy: DST is missing", "copy", "a.tar")]
    [InlineData("ipdr tag: \"c\" is too much: there is only SRC and NAME", "tag", "a", "b", "c")]
    [InlineData("ipdr gc: \"x\" is too much: there is no argument", "gc", "x")]
    [InlineData("ipdr list: \"b\" is too much: there is only PLACE", "list", "oci:a", "b")]
    [InlineData("ipdr inspect: --raw prints the manifest, and --config the config: one at a time", "inspect", "oci:a", "--raw", "--config")]
    [InlineData("ipdr inspect: --config prints the document as it is, and nothing else", "inspect", "oci:a", "--config", "--json")]
    [InlineData("ipdr inspect: --platform has nothing to act on", "inspect", "oci:a", "--platform", "linux/arm64")]
    [InlineData("ipdr convert: --level needs a value: N", "convert", "a.tar", "--level")]
    [InlineData("ipdr convert: --level takes one value, not 2", "convert", "a.tar", "--level", "5", "--level", "6")]
    [InlineData("ipdr convert: --level: \"abc\" is no number from 1 to 22", "convert", "a.tar", "--level", "abc")]
    [InlineData("ipdr convert: --compression: \"zip\" is not one of auto,", "convert", "a.tar", "--compression", "zip")]
    [InlineData("ipdr gc: --grace: \"-1\" is no number from 0 to", "gc", "--grace", "-1")]
    [InlineData("ipdr serve: --cache-bytes: \"much\" is no size", "serve", "--cache-bytes", "much")]
    [InlineData("ipdr copy: docker-archve: is not known here; did you mean docker-archive:?", "copy", "docker-archve:a", "oci:b")]
    [InlineData("ipdr convert: --level 20 is not between 1 and 9", "convert", "a.tar", "--level", "20")]
    [InlineData("ipdr copy: --platform and --all-platforms contradict each other", "copy", "oci:a", "oci:b", "--platform", "linux/arm64", "--all")]
    [InlineData("ipdr convert: -o is empty", "convert", "a.tar", "-o", "")]
    [InlineData("ipdr convert: -o names a folder, and a layout cannot go to standard output", "convert", "a.tar", "-o", "-")]
    [InlineData("ipdr car unpack: -o names a folder", "car", "unpack", "a.car", "-o", "-")]
    [InlineData("ipdr convert: SRC is empty", "convert", "")]
    [InlineData("ipdr cid: --car is empty", "cid", "--car=", "precious", "folder")]
    [InlineData("ipdr convert: -o is empty", "convert", "-o=", "a.tar")]
    [InlineData("ipdr convert: --output is empty", "convert", "a.tar", "--output:", "--json")]
    [InlineData("ipdr: --log-level is empty", "--log-level=", "list")]
    [InlineData("ipdr cid: --hidden: \"no\" is neither true nor false", "cid", "folder", "--hidden=no")]
    [InlineData("ipdr cid: --raw-leaves: \"1\" is neither true nor false", "cid", "folder", "--raw-leaves:1")]
    [InlineData("ipdr inspect: -s: \"yes\" is neither true nor false", "inspect", "-s=yes", "folder")]
    [InlineData("ipdr car unpack: --output DIR is missing", "car", "unpack", "a.car")]
    [InlineData("ipdr car ls: FILE is empty", "car", "ls", "")]
    [InlineData("ipdr serve: --htpasswd is empty", "serve", "--htpasswd", "")]
    [InlineData("ipdr login: there is no terminal to ask for the password at: send it with --password-stdin", "login", "-u", "me", "registry.example.com")]
    [InlineData("ipdr login: there is no terminal to ask for the password at", "login", "registry.example.com")]
    [InlineData("ipdr login: --password-stdin takes the password only: say the name with -u", "login", "registry.example.com", "--password-stdin")]
    [InlineData("ipdr login: the password is empty", "login", "-u", "me", "registry.example.com", "--password-stdin")]
    [InlineData("ipdr login: \"a:b\" has a colon in it", "login", "-u", "a:b", "registry.example.com", "--password-stdin")]
    [InlineData("ipdr login: there is no option --password; did you mean --password-stdin?", "login", "-u", "me", "--password", "secret", "registry.example.com")]
    [InlineData("ipdr login: \"team/app\" is no registry: ", "login", "team/app")]
    [InlineData("ipdr login: HOST is missing", "login")]
    [InlineData("ipdr logout: HOST is missing, or --all", "logout")]
    [InlineData("ipdr logout: --all is more than registry.example.com", "logout", "--all", "registry.example.com")]
    [InlineData("ipdr rm: docker://registry.example.com/team/app is a repository: say which image of it", "rm", "docker://registry.example.com/team/app")]
    [InlineData("ipdr rm: docker://registry.example.com/app:1@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 has a tag and a digest", "rm", "docker://registry.example.com/app:1@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("ipdr rm: \"registry.example.com/App:1\" is not an image reference", "rm", "docker://registry.example.com/App:1")]
    [InlineData("ipdr list: --log-level is empty", "--log-level", "", "list")]
    [InlineData("ipdr convert: --format prints names in another spelling: --json has nothing to act on", "convert", "Qm", "--format", "docker", "--json")]
    [InlineData("ipdr convert: --car writes into the layout", "convert", "a.tar", "-o", "out", "--car", "out/../out/a.car")]
    [InlineData("ipdr push: standard output takes one CAR", "push", "a.tar", "--to", "car=-", "--to", "car=-")]
    [InlineData("ipdr push: --replication has nothing to act on", "push", "a.tar", "--replication", "2:3")]
    [InlineData("ipdr push: --to: not a url at all: it is no address of a web server", "push", "a.tar", "--to", "cluster=not a url at all")]
    [InlineData("ipdr push: --ipfs-host: ", "push", "a.tar", "--ipfs-host", "http://")]
    [InlineData("ipdr pull: --to: \"kubo\" is no place of images: what is pulled goes to a container engine", "pull", "bafkqaaa", "--to", "kubo")]
    [InlineData("ipdr pull: --to: \"car=a.car\" is no place of images: ", "pull", "bafkqaaa", "--to", "car=a.car")]
    [InlineData("ipdr pull: --to: \"kubo=127.0.0.1:5001\" is no place of images: ", "pull", "bafkqaaa", "--to", "kubo=127.0.0.1:5001")]
    [InlineData("ipdr pull: --from: \"ftp://example.org\": it is no address of a web server. Write it as https://HOST or http://HOST:PORT\n", "pull", "bafkqaaa", "--from", "https://example.org", "--from", "ftp://example.org")]
    [InlineData("ipdr pull: --from: \"kubo=http://\": it is no address of a web server", "pull", "bafkqaaa", "--from", "kubo=http://")]
    [InlineData("ipdr pull: --routing: ", "pull", "bafkqaaa", "--routing", "/ip4/1")]
    [InlineData("ipdr pull: --cid-resolver: \"nowhere\" is no place where names become CIDs. Write file:DIR, ", "pull", "a:1", "--cid-resolver", "nowhere")]
    [InlineData("ipdr serve: --ipfs-gateway: ", "serve", "--ipfs-gateway", "gopher://x")]
    [InlineData("ipdr pull: \"what:is:this\" is neither a CID nor a name", "pull", "what:is:this")]
    [InlineData("ipdr copy: containers-storage: is not known here", "copy", "a", "containers-storage:b")]
    public async Task A_slip_is_named(string said, params string[] arguments)
    {
        (int code, string output, string error) = await IpdrProcess.RunAsync(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith(said, error, StringComparison.Ordinal);
        string command = said[..said.IndexOf(':', StringComparison.Ordinal)];
        Assert.EndsWith($"\n  See {command} --help.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_two_dashes_everything_is_an_argument()
    {
        (int code, _, string error) = await IpdrProcess.RunAsync("convert", "--", "--compresion");
        Assert.Equal(1, code);
        Assert.StartsWith("ipdr: --compresion: there is no such file", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_may_be_called_as_if_it_held_further_arguments()
    {
        using CommandFolder folder = new();
        foreach (string name in (string[])["@x", "x"])
            await File.WriteAllTextAsync(folder[name], "--car\nowned.car\n", TestContext.Current.CancellationToken);
        (int code, string output, _) = await IpdrProcess.RunInShellAsync(folder.Path, "exec \"$@\" cid -s *");
        Assert.Equal(0, code);
        Assert.Equal(2, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.False(File.Exists(folder["owned.car"]));
    }

    [Fact]
    public async Task Arguments_that_are_not_utf8_are_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells how arguments were written");
        (int code, _, string error) = await IpdrProcess.RunInShellAsync(".", "exec \"$@\" convert \"$(printf 'a\\377.tar')\"");
        Assert.Equal(2, code);
        Assert.StartsWith("ipdr convert: a\uFFFD.tar is not UTF-8: ", error, StringComparison.Ordinal);
        // This one is.
        (code, _, error) = await IpdrProcess.RunAsync("convert", "a\uFFFD.tar");
        Assert.Equal(1, code);
        Assert.StartsWith("ipdr: a\uFFFD.tar: there is no such file", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_of_every_command_tells_each_default_once()
    {
        foreach (string command in (string[])["convert", "copy", "inspect", "cid", "car", "verify", "push", "pull", "serve", "dig", "list", "tag", "rm", "gc"])
        {
            (int code, string output, _) = await IpdrProcess.RunAsync(command, "--help");
            Assert.Equal(0, code);
            Assert.DoesNotContain(output.Split('\n'), line => line.Contains("Default", StringComparison.Ordinal) && line.Contains("[default:", StringComparison.Ordinal));
        }
    }
}
