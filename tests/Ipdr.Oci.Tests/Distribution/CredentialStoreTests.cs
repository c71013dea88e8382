using System.Text;
using Ipdr.Oci.Distribution.Credentials;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>Credentials are found where Docker's and podman's tools keep them.</summary>
public sealed class CredentialStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _variables = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("alpine", "hub")]
    [InlineData("registry.example.com/a/b", "host")]
    [InlineData("registry.example.com/team/app", "app")]
    [InlineData("registry.example.com/team/other", "team")]
    [InlineData("old.example.com:5000/x", "old")]
    [InlineData("unknown.example.com/x", null)]
    public async Task The_longest_key_that_fits_wins(string image, string? user)
    {
        (string Key, string User)[] entries =
        [
            ("https://index.docker.io/v1/", "hub"), ("registry.example.com", "host"), ("registry.example.com/team", "team"),
            ("registry.example.com/team/app", "app"), ("https://old.example.com:5000/v2/", "old"),
        ];
        string all = string.Join(',', entries.Select(entry => $"\"{entry.Key}\":{Entry(entry.User)}"));
        Docker("{\"auths\":{" + all + ",\"helped.example.com\":{}}}");
        Assert.Equal(user, (await FindAsync(image))?.Username);
    }

    [Fact]
    public async Task The_files_are_looked_at_in_their_order()
    {
        string[] users = ["runtime", "settings", "file", "inline"];
        Write("run/containers/auth.json", "runtime");
        Write(".config/containers/auth.json", "settings");
        Assert.Equal("settings", (await FindAsync("a.example.com/x"))?.Username);
        _variables["XDG_RUNTIME_DIR"] = _folder.File("run");
        Assert.Equal("runtime", (await FindAsync("a.example.com/x"))?.Username);
        Write(".docker/config.json", "docker");
        Assert.Equal("docker", (await FindAsync("a.example.com/x"))?.Username);
        Write("file.json", "file");
        _variables["REGISTRY_AUTH_FILE"] = _folder.File("file.json");
        Assert.Equal("file", (await FindAsync("a.example.com/x"))?.Username);
        _variables["DOCKER_AUTH_CONFIG"] = "{\"auths\":{\"a.example.com\":" + Entry("inline") + "}}";
        Assert.Equal(users[^1], (await FindAsync("a.example.com/x"))?.Username);

        void Write(string path, string user)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
            File.WriteAllText(_folder.File(path), "{\"auths\":{\"a.example.com\":" + Entry(user) + "}}");
        }
    }

    [Fact]
    public async Task A_session_without_a_folder_of_its_own_has_one_of_the_machine()
    {
        await File.WriteAllTextAsync(_folder.File("auth.json"), "{\"auths\":{\"a.example.com\":" + Entry("session") + "}}", TestContext.Current.CancellationToken);
        CredentialStore store = new(_variables.GetValueOrDefault, _folder.File("home"), _folder.Path);
        ImageReference image = ImageReference.Parse("a.example.com/x");
        Assert.Equal("session", (await store.FindAsync(image, TestContext.Current.CancellationToken))?.Username);
        _variables["XDG_RUNTIME_DIR"] = _folder.File("run");
        Assert.Null(await store.FindAsync(image, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("{\"ServerURL\":\"x\",\"Username\":\"me\",\"Secret\":\"it's a $(secret)\"}", 0, "me", CredentialKind.Password)]
    [InlineData("{\"Username\":\"<token>\",\"Secret\":\"t\"}", 0, "", CredentialKind.IdentityToken)]
    [InlineData("credentials not found in native keychain", 1, null, default(CredentialKind))]
    public async Task A_helper_is_asked_without_a_shell(string says, int code, string? user, CredentialKind kind)
    {
        Helper("test-1", says, code);
        Docker("""{"credHelpers":{"a.example.com":"test-1"}}""");
        Credential? found = await FindAsync("a.example.com/x");
        Assert.Equal((user, user is null ? null : kind), (found?.Username, found?.Kind));
        Assert.Equal("get\na.example.com", await File.ReadAllTextAsync(_folder.File("asked"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("not-there")]
    [InlineData("../../bin/sh")]
    [InlineData("a;b")]
    public async Task A_helper_that_cannot_be_asked_is_told(string name)
    {
        Docker($$$"""{"credsStore":"{{{name}}}"}""");
        Assert.Equal(FaultCode.BadSettings, (await Assert.ThrowsAsync<IpdrException>(() => FindAsync("a.example.com/x"))).Fault.Code);
    }

    [Fact]
    public async Task A_helper_that_reads_nothing_is_heard()
    {
        HelperScript.Write(_folder.Path, "deaf", "exec 0</dev/null\necho '{\"Username\":\"me\",\"Secret\":\"s\"}'\n");
        Docker("""{"credsStore":"deaf"}""");
        for (int i = 0; i < 20; i++)
            Assert.Equal("me", (await FindAsync("a.example.com/x"))?.Username);
    }

    [Fact]
    public async Task A_helper_that_complains_at_length_is_heard()
    {
        HelperScript.Write(_folder.Path, "wordy", "cat >/dev/null\nhead -c 3000000 /dev/zero >&2\necho '{\"Username\":\"me\",\"Secret\":\"s\"}'\n");
        Docker("""{"credsStore":"wordy"}""");
        Assert.Equal("me", (await FindAsync("a.example.com/x").WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken))?.Username);
    }

    [Theory]
    [InlineData("echo 'pass: not initialised' >&2\nexit 1", "pass: not initialised")]
    [InlineData("exit 7", "exit code 7")]
    public async Task Why_a_helper_fails_is_told(string script, string reason)
    {
        HelperScript.Write(_folder.Path, "failing", script + "\n");
        Docker("""{"credsStore":"failing"}""");
        Assert.Contains(reason, (await Assert.ThrowsAsync<IpdrException>(() => FindAsync("a.example.com/x"))).Fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_lies_in_the_current_folder_is_no_helper()
    {
        string planted = Path.Combine(Environment.CurrentDirectory, "docker-credential-planted");
        HelperScript.WriteElsewhere(Environment.CurrentDirectory, "planted", "cat >/dev/null\necho '{\"Username\":\"me\",\"Secret\":\"s\"}'\n");
        try
        {
            Docker("""{"credsStore":"planted"}""");
            Assert.Equal(FaultCode.BadSettings, (await Assert.ThrowsAsync<IpdrException>(() => FindAsync("a.example.com/x"))).Fault.Code);
        }
        finally
        {
            File.Delete(planted);
        }
    }

    [Theory]
    [InlineData("{", 1)]
    [InlineData("{\n\"auths\":\n[]}", 3)]
    public async Task A_broken_file_is_told_and_the_line(string content, int line)
    {
        Docker(content);
        Fault fault = (await Assert.ThrowsAsync<IpdrException>(() => FindAsync("a.example.com/x"))).Fault;
        Assert.Equal((FaultCode.BadSettings, $"{_folder.File(".docker/config.json")} › line {line}"), (fault.Code, fault.Where));
    }

    [Theory]
    [InlineData("a.example.com/team/app", "team")]
    [InlineData("a.example.com/other", "helped")]
    public async Task What_is_for_a_namespace_goes_before_the_helper_for_all(string image, string user)
    {
        HelperScript.Write(_folder.Path, "everywhere", "cat >/dev/null\necho '{\"Username\":\"helped\",\"Secret\":\"s\"}'\n");
        Docker($$$"""{"credsStore":"everywhere","auths":{"a.example.com":{{{Entry("host")}}},"a.example.com/team":{{{Entry("team")}}}}}""");
        Assert.Equal(user, (await FindAsync(image))?.Username);
    }

    [Fact]
    public async Task A_namespace_may_end_like_an_old_address()
    {
        Docker($$$"""{"auths":{"a.example.com/team/v1":{{{Entry("v1")}}}}}""");
        Assert.Equal(("v1", null), ((await FindAsync("a.example.com/team/v1/app"))?.Username, await FindAsync("a.example.com/team/app")));
    }

    [Fact]
    public async Task A_file_that_is_named_is_all_that_is_looked_at()
    {
        Docker($$$"""{"auths":{"a.example.com":{{{Entry("docker")}}}}}""");
        Assert.Equal(FaultCode.BadSettings, Assert.Throws<IpdrException>(() => CredentialStore.OfFile(_folder.File("named.json"))).Fault.Code);
        await File.WriteAllTextAsync(_folder.File("named.json"), $$$"""{"auths":{"b.example.com":{{{Entry("named")}}}}}""", TestContext.Current.CancellationToken);
        CredentialStore named = CredentialStore.OfFile(_folder.File("named.json"));
        Assert.Null(await named.FindAsync(ImageReference.Parse("a.example.com/x"), TestContext.Current.CancellationToken));
        Assert.Equal("named", (await named.FindAsync(ImageReference.Parse("b.example.com/x"), TestContext.Current.CancellationToken))?.Username);
    }

    [Fact]
    public void A_credential_prints_no_secret() => Assert.DoesNotContain("secret", new Credential("me", "secret").ToString(), StringComparison.Ordinal);

    private static string Entry(string user) => $$"""{"auth":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":p:w"))}}"}""";

    private async Task<Credential?> FindAsync(string image) =>
        await new CredentialStore(_variables.GetValueOrDefault, _folder.Path).FindAsync(ImageReference.Parse(image), TestContext.Current.CancellationToken);

    private void Docker(string json)
    {
        Directory.CreateDirectory(_folder.File(".docker"));
        File.WriteAllText(_folder.File(".docker/config.json"), json);
    }

    private void Helper(string name, string says, int code) =>
        HelperScript.Write(_folder.Path, name, $"printf '%s\\n' \"$1\" > '{_folder.File("asked")}'\ncat >> '{_folder.File("asked")}'\ncat <<'END'\n{says}\nEND\nexit {code}\n");
}
