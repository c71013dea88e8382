using Ipdr.Oci.Distribution.Credentials;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>Logins are entered into a file that other tools read and write too, and taken out of it.</summary>
public sealed class CredentialFileTests : IDisposable
{
    private const string Password = "p:ä";

    private static readonly RegistryAddress Somewhere = RegistryAddress.Parse("a.example.com");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string FilePath => _folder.File("config.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_else_is_in_the_file_stays_in_its_order()
    {
        Write("""{"psFormat":"<&> é","auths":{"z.example.com":{"auth":"eDp5","email":"z"},"b.example.com":{}},"number":1.50e3,"HttpHeaders":{"a":null},"list":[1,{}]}""");
        await StoreAsync("a.example.com");
        Assert.Equal(
            $$$"""{"psFormat":"<&> é","auths":{"z.example.com":{"auth":"eDp5","email":"z"},"b.example.com":{},"a.example.com":{"auth":"{{{Auth}}}"}},"number":1.50e3,"HttpHeaders":{"a":null},"list":[1,{}]}""",
            Packed());
        await File(FilePath).EraseAsync(Somewhere, Cancellation);
        Assert.Equal("""{"psFormat":"<&> é","auths":{"z.example.com":{"auth":"eDp5","email":"z"},"b.example.com":{}},"number":1.50e3,"HttpHeaders":{"a":null},"list":[1,{}]}""", Packed());
    }

    [Theory]
    [InlineData("docker.io", "https://index.docker.io/v1/", "alpine")]
    [InlineData("docker.io/team", "docker.io/team", "team/app")]
    [InlineData("a.example.com:5000", "a.example.com:5000", "a.example.com:5000/x")]
    [InlineData("a.example.com:5000/team", "a.example.com:5000/team", "a.example.com:5000/team/x")]
    public async Task A_login_is_kept_under_the_key_that_tools_look_for(string address, string key, string image)
    {
        await StoreAsync(address);
        Assert.Equal("{\"auths\":{\"" + key + "\":{\"auth\":\"" + Auth + "\"}}}", Packed());
        Assert.Equal(new Credential("me", Password), await FindAsync(image));
        Assert.Null(await FindAsync("b.example.com/x"));
    }

    [Theory]
    [InlineData("a.example.com", """{"a.example.com":{"auth":"eDo=","identitytoken":"t","email":"e"}}""", """{"a.example.com":{"email":"e","auth":"AUTH"}}""")]
    [InlineData("a.example.com", """{"a.example.com":{"registrytoken":"t","username":"x","password":"y"}}""", """{"a.example.com":{"auth":"AUTH"}}""")]
    [InlineData("a.example.com", """{"a.example.com":null,"b":{}}""", """{"a.example.com":{"auth":"AUTH"},"b":{}}""")]
    [InlineData("a.example.com", """{"x":{},"https://a.example.com/v1/":{"auth":"eDp5"},"y":{},"a.example.com":{"auth":"eDp5"}}""", """{"x":{},"a.example.com":{"auth":"AUTH"},"y":{}}""")]
    [InlineData("docker.io", """{"docker.io":{"auth":"eDp5"},"y":{},"index.docker.io":{"auth":"eDp5"}}""", """{"https://index.docker.io/v1/":{"auth":"AUTH"},"y":{}}""")]
    public async Task A_login_takes_the_place_of_all_that_was_known_of_that_registry(string address, string before, string after)
    {
        Write("{\"auths\":" + before + "}");
        await StoreAsync(address);
        Assert.Equal("{\"auths\":" + after.Replace("AUTH", Auth, StringComparison.Ordinal) + "}", Packed());
        Assert.Equal(CredentialKind.Password, (await FindAsync(address == "docker.io" ? "alpine" : "a.example.com/x"))?.Kind);
    }

    [Theory]
    [InlineData("a.example.com", """{"credHelpers":{"a.example.com":"NAME"},"credsStore":"none"}""", "a.example.com")]
    [InlineData("docker.io", """{"credsStore":"NAME"}""", "https://index.docker.io/v1/")]
    [InlineData("docker.io", """{"credHelpers":{"docker.io":"NAME"}}""", "docker.io")]
    [InlineData("a.example.com", """{"credsStore":"NAME","auths":{"a.example.com":{"auth":"eDp5","identitytoken":"t"}}}""", "a.example.com")]
    public async Task A_helper_gets_the_password_and_the_file_does_not(string address, string settings, string server)
    {
        string name = Keeper();
        Write(settings.Replace("NAME", name, StringComparison.Ordinal));
        CredentialKeeper keeper = await StoreAsync(address);
        Assert.Equal(("docker-credential-" + name, FilePath), (keeper.ToString(), keeper.File));
        Assert.Equal("store\n{\"ServerURL\":\"" + server + "\",\"Username\":\"me\",\"Secret\":\"p:\\u00E4\"}", await System.IO.File.ReadAllTextAsync(_folder.File("asked"), Cancellation));
        Assert.Contains($"\"auths\":{{\"{RegistryAddress.Parse(address).Key}\":{{}}}}", Packed(), StringComparison.Ordinal);
        Assert.Equal([keeper], await File(FilePath).EraseAsync(RegistryAddress.Parse(address), Cancellation));
        Assert.Equal("erase\n" + server, await System.IO.File.ReadAllTextAsync(_folder.File("asked"), Cancellation));
    }

    [Fact]
    public async Task What_is_for_a_namespace_goes_into_the_file_since_helpers_know_none()
    {
        Write("""{"credsStore":"not-there"}""");
        Assert.Null((await StoreAsync("a.example.com/team")).Helper);
        Assert.Equal("me", (await FindAsync("a.example.com/team/app"))?.Username);
    }

    [Theory]
    [InlineData("echo 'pass is not initialised' >&2\nexit 1", "pass is not initialised")]
    [InlineData("echo 'credentials not found in native keychain'\nexit 1", "keeps nothing")]
    public async Task A_helper_that_keeps_nothing_is_told_and_the_file_stays(string script, string reason)
    {
        HelperScript.Write(_folder.Path, "refusing", "cat >/dev/null\n" + script + "\n");
        Write("""{"credsStore":"refusing"}""");
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => StoreAsync("a.example.com"));
        Assert.Equal(FaultCode.BadSettings, e.Fault.Code);
        Assert.Contains(reason, e.Fault.What, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, e.ToString(), StringComparison.Ordinal);
        Assert.Equal("""{"credsStore":"refusing"}""", Packed());
    }

    [Fact]
    public async Task Nothing_is_written_to_forget_what_nobody_knows()
    {
        Assert.Empty(await File(FilePath).EraseAsync(Somewhere, Cancellation));
        Assert.Empty(await File(FilePath).EraseAllAsync(Cancellation));
        Assert.False(System.IO.File.Exists(FilePath));
        Write("{ \"auths\" : {} }");
        Assert.Empty(await File(FilePath).EraseAsync(Somewhere, Cancellation));
        Assert.Equal("{ \"auths\" : {} }", Content());
    }

    [Fact]
    public async Task All_is_forgotten_of_the_file_and_of_its_helpers()
    {
        string name = Keeper();
        Write("{\"credsStore\":\"" + name + "\",\"auths\":{\"a.example.com\":{\"auth\":\"eDp5\"},\"listed.example.com\":{}}}");
        Assert.Equal(["listed.example.com", "a.example.com"], (await File(FilePath).EraseAllAsync(Cancellation)).Select(had => had.Key));
        Assert.Equal($$$"""{"credsStore":"{{{name}}}","auths":{}}""", Packed());
    }

    [Theory]
    [InlineData("{\n\"auths\":{", 2)]
    [InlineData("{\"auths\":\n[]}", 2)]
    [InlineData("[]", 1)]
    [InlineData("<html>", 1)]
    public async Task A_file_that_is_something_else_is_told_and_stays(string content, int line)
    {
        Write(content);
        Fault fault = (await Assert.ThrowsAsync<IpdrException>(() => StoreAsync("a.example.com"))).Fault;
        Assert.Equal((FaultCode.BadSettings, $"{FilePath} › line {line}"), (fault.Code, fault.Where));
        Assert.Equal(content, Content());
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_file_that_says_the_same_thing_twice_stays()
    {
        Write("""{"a":1,"a":2}""");
        Fault fault = (await Assert.ThrowsAsync<IpdrException>(() => StoreAsync("a.example.com"))).Fault;
        Assert.Equal((FaultCode.BadSettings, FilePath), (fault.Code, fault.Where));
        Assert.Contains("twice", fault.What, StringComparison.Ordinal);
        Assert.Equal("""{"a":1,"a":2}""", Content());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"auths\":null}")]
    public async Task A_file_that_says_nothing_is_one(string content)
    {
        Write(content);
        await StoreAsync("a.example.com");
        Assert.Equal("me", (await FindAsync("a.example.com/x"))?.Username);
    }

    [Theory]
    [InlineData("file/config.json")]
    [InlineData("folder")]
    public async Task Where_no_file_can_be_nothing_is_written(string path)
    {
        Directory.CreateDirectory(_folder.File("folder"));
        await System.IO.File.WriteAllTextAsync(_folder.File("file"), "", Cancellation);
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => File(_folder.File(path)).StoreAsync(Somewhere, new Credential("me", Password), Cancellation));
        Assert.Contains(e.Fault.Code, new[] { FaultCode.Io, FaultCode.BadSettings });
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
    }

    [Fact]
    public async Task The_file_is_for_its_owner_alone_and_a_link_to_it_stays()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("files have modes on Unix");
            return;
        }
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        string real = _folder.File("real/auth.json");
        Directory.CreateDirectory(_folder.File("real"));
        System.IO.File.CreateSymbolicLink(FilePath, real);
        await StoreAsync("a.example.com");
        Assert.Equal((real, Owner), (new FileInfo(FilePath).LinkTarget, System.IO.File.GetUnixFileMode(real)));
        System.IO.File.SetUnixFileMode(real, Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await StoreAsync("b.example.com");
        Assert.Equal((real, Owner), (new FileInfo(FilePath).LinkTarget, System.IO.File.GetUnixFileMode(real)));
        await File(_folder.File("new/deep/config.json")).StoreAsync(Somewhere, new Credential("me", Password), Cancellation);
        Assert.Equal(Owner | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(_folder.File("new/deep")));
    }

    [Fact]
    public async Task Of_many_who_write_at_once_none_is_lost()
    {
        string[] hosts = [.. Enumerable.Range(0, 24).Select(i => $"host-{i}.example.com")];
        await StoreAsync(hosts[0]);
        Task writing = Task.WhenAll(hosts.Select(host => Task.Run(() => StoreAsync(host))));
        // Who reads meanwhile is not refused.
        while (!writing.IsCompleted)
            Assert.NotNull(await FindAsync(hosts[0] + "/x"));
        await writing;
        foreach (string host in hosts)
            Assert.Equal("me", (await FindAsync(host + "/x"))?.Username);
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task What_a_killed_process_left_is_in_nobodys_way_and_what_another_holds_is_waited_for()
    {
        string held = FilePath + ".ipdr";
        foreach (string left in (string[])[held, FilePath + ".ipdr.new"])
            await System.IO.File.WriteAllTextAsync(left, new string('x', 4096), Cancellation);
        await StoreAsync("a.example.com");
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_folder.Path));
        Task<CredentialKeeper> second;
        await using (new FileStream(held, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            second = StoreAsync("b.example.com");
            await Task.Delay(200, Cancellation);
            Assert.False(second.IsCompleted);
        }
        await second;
        Assert.Equal("{\"auths\":{\"a.example.com\":{\"auth\":\"AUTH\"},\"b.example.com\":{\"auth\":\"AUTH\"}}}".Replace("AUTH", Auth, StringComparison.Ordinal), Packed());
    }

    private static string Auth => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("me:" + Password));

    private static CredentialFile File(string path) => CredentialFile.At(path);

    private Task<CredentialKeeper> StoreAsync(string address) => File(FilePath).StoreAsync(RegistryAddress.Parse(address), new Credential("me", Password), Cancellation);

    private async Task<Credential?> FindAsync(string image) => await CredentialStore.OfFile(FilePath).FindAsync(ImageReference.Parse(image), Cancellation);

    private void Write(string content) => System.IO.File.WriteAllText(FilePath, content);

    private string Content() => System.IO.File.ReadAllText(FilePath);

    // Without the white space that is written for people; none of these tests has any in a value.
    private string Packed() => Content().ReplaceLineEndings("").Replace("\t", "", StringComparison.Ordinal).Replace("\": ", "\":", StringComparison.Ordinal);

    // Keeps everything, and lists one server; each test has one of its own name, since all are on one PATH.
    private string Keeper()
    {
        string name = "keeper-" + Path.GetFileName(_folder.Path);
        HelperScript.Write(_folder.Path, name, $"printf '%s\\n' \"$1\" > '{_folder.File("asked")}'\ncat >> '{_folder.File("asked")}'\n[ \"$1\" != list ] || echo '{{\"listed.example.com\":\"me\"}}'\n");
        return name;
    }
}
