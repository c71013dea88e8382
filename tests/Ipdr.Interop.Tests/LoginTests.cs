using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>Who logs in with one tool is logged in with the others.</summary>
public sealed class LoginTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private DistributionServer _registry = new();
    private ExternalProgram _ipdr = IpdrProgram.Program;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Settings => _folder["docker/config.json"];

    private string Image => $"{_registry.Host}/team/app:1.0";

    public async ValueTask InitializeAsync()
    {
        ExternalProgram htpasswd = ExternalProgram.Require("htpasswd");
        _registry = new DistributionServer { Users = (await htpasswd.RunAsync("-nbBC", "5", "ann", "secret")).OrFail().Text };
        await _registry.InitializeAsync();
        _ipdr = IpdrProgram.Program with
        {
            Environment = new Dictionary<string, string>
            {
                ["DOCKER_CONFIG"] = _folder["docker"],
                ["HOME"] = _folder["nobody"],
                ["XDG_RUNTIME_DIR"] = _folder["nobody"],
                ["XDG_CONFIG_HOME"] = _folder["nobody"],
                ["REGISTRY_AUTH_FILE"] = "",
                ["DOCKER_AUTH_CONFIG"] = "",
            },
        };
        await IpdrProgram.ConvertAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, _folder["layout"]);
        await File.WriteAllTextAsync(_folder["right"], "secret\n", Cancellation);
        await File.WriteAllTextAsync(_folder["wrong"], "other", Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Skopeo_and_docker_know_who_has_logged_in_with_ipdr()
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        Assert.False((await CopyAsync()).Succeeded);
        Directory.CreateDirectory(_folder["docker"]);
        await File.WriteAllTextAsync(Settings, """{"psFormat":"x"}""", Cancellation);
        ProgramResult refused = await LoginAsync("wrong");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("[unauthorized]", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("""{"psFormat":"x"}""", await File.ReadAllTextAsync(Settings, Cancellation));

        (await LoginAsync("right")).OrFail();
        (await CopyAsync()).OrFail();
        (await skopeo.RunAsync("inspect", "--authfile", Settings, "--tls-verify=false", "docker://" + Image)).OrFail();
        (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--authfile", Settings, "--src-tls-verify=false", "docker://" + Image, "dir:" + _folder["copied"])).OrFail();
        if (ExternalProgram.Find("docker") is { } docker)
            (await new ExternalProgram(docker).RunAsync("--config", _folder["docker"], "manifest", "inspect", "--insecure", Image)).OrFail();

        Assert.Contains("logged out", (await _ipdr.RunAsync("logout", _registry.Host)).OrFail().Text, StringComparison.Ordinal);
        Assert.False((await CopyAsync()).Succeeded);
        Assert.False((await skopeo.RunAsync("inspect", "--authfile", Settings, "--tls-verify=false", "docker://" + Image)).Succeeded);
        Assert.Contains("not logged in", (await _ipdr.RunAsync("logout", _registry.Host)).OrFail().Text, StringComparison.Ordinal);
        Assert.Contains("\"psFormat\": \"x\"", await File.ReadAllTextAsync(Settings, Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("skopeo")]
    [InlineData("podman")]
    public async Task Ipdr_knows_who_has_logged_in_with_skopeo_or_podman_and_logs_them_out(string name)
    {
        ExternalProgram program = ExternalProgram.Require(name);
        (await program.RunAsync(_folder["right"], ["login", "--authfile", _folder["auth.json"], "--tls-verify=false", "--username", "ann", "--password-stdin", _registry.Host])).OrFail();
        ExternalProgram ipdr = _ipdr with { Environment = new Dictionary<string, string>(_ipdr.Environment) { ["REGISTRY_AUTH_FILE"] = _folder["auth.json"] } };
        (await ipdr.RunAsync("copy", "oci:" + _folder["layout"], "docker://" + Image)).OrFail();
        (await ipdr.RunAsync("logout", _registry.Host)).OrFail();
        Assert.False((await program.RunAsync("login", "--get-login", "--authfile", _folder["auth.json"], _registry.Host)).Succeeded);
    }

    [Fact]
    public async Task A_login_that_others_go_before_is_told_and_so_is_what_a_logout_leaves()
    {
        Assert.DoesNotContain("warning", (await LoginAsync("right")).OrFail().Errors, StringComparison.Ordinal);
        string inline = "{\"auths\":{\"" + _registry.Host + "\":{\"username\":\"bob\",\"password\":\"x\"}}}";
        _ipdr = _ipdr with { Environment = new Dictionary<string, string>(_ipdr.Environment) { ["DOCKER_AUTH_CONFIG"] = inline } };
        Assert.Contains("$DOCKER_AUTH_CONFIG: it has other credentials for this registry, and they go first [name-conflict]", (await LoginAsync("right")).OrFail().Errors, StringComparison.Ordinal);
        Assert.Contains("$DOCKER_AUTH_CONFIG: it has credentials for this registry still", (await _ipdr.RunAsync("logout", _registry.Host)).OrFail().Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_has_credentials_of_its_own()
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        (await LoginAsync("right", "/team")).OrFail();
        (await CopyAsync()).OrFail();
        (await skopeo.RunAsync("inspect", "--authfile", Settings, "--tls-verify=false", "docker://" + Image)).OrFail();
        Assert.False((await _ipdr.RunAsync("copy", "oci:" + _folder["layout"], $"docker://{_registry.Host}/other/app:1.0")).Succeeded);
    }

    [Fact]
    public async Task Every_command_takes_a_file_of_credentials_and_looks_nowhere_else()
    {
        (await _ipdr.RunAsync(_folder["right"], ["login", "-u", "ann", "--password-stdin", "--authfile", _folder["ci.json"], _registry.Host])).OrFail();
        Assert.False(File.Exists(Settings));
        foreach (string[] arguments in (string[][])[
            ["copy", "oci:" + _folder["layout"], "docker://" + Image], ["inspect", "docker://" + Image], ["list", $"docker://{_registry.Host}/team/app"], ["verify", "docker://" + Image],
            ["push", "docker://" + Image, "--to", $"car={_folder["app.car"]}"]])
        {
            ExternalProgram program = _ipdr with { Environment = new Dictionary<string, string>(_ipdr.Environment) { ["IPDR_HOME"] = _folder["store"] } };
            ProgramResult refused = await program.RunAsync(arguments);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("unauthorized", refused.Text + refused.Errors, StringComparison.Ordinal);
            (await program.RunAsync([.. arguments, "--authfile", _folder["ci.json"]])).OrFail();
        }
        (await LoginAsync("right")).OrFail();
        await File.WriteAllTextAsync(_folder["empty.json"], "", Cancellation);
        (await _ipdr.RunAsync("inspect", "docker://" + Image)).OrFail();
        Assert.Contains("[unauthorized]", (await _ipdr.RunAsync("inspect", "docker://" + Image, "--authfile", _folder["empty.json"])).Errors, StringComparison.Ordinal);
        ProgramResult absent = await _ipdr.RunAsync("inspect", "oci:" + _folder["layout"], "--authfile", _folder["absent.json"]);
        Assert.Equal(1, absent.ExitCode);
        Assert.Contains("absent.json: there is no such file of credentials [bad-settings]", absent.Errors, StringComparison.Ordinal);
    }

    private Task<ProgramResult> CopyAsync() => _ipdr.RunAsync("copy", "oci:" + _folder["layout"], "docker://" + Image);

    private Task<ProgramResult> LoginAsync(string password, string space = "") => _ipdr.RunAsync(_folder[password], ["login", "-u", "ann", "--password-stdin", _registry.Host + space]);
}
