using System.Security.Cryptography;
using System.Text;
using Ipdr.Oci.Engines;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tests.Engines;

/// <summary>The engine is found where Docker's own tools find it.</summary>
public sealed class EngineLocatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _variables = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Docker_host_comes_first()
    {
        Context("there", """{"Name":"there","Endpoints":{"docker":{"Host":"tcp://there:1"}}}""");
        _variables["DOCKER_CONTEXT"] = "there";
        _variables["DOCKER_HOST"] = "unix:///run/mine.sock";
        Assert.Equal("/run/mine.sock", Locate().LocalPath);
    }

    [Fact]
    public void The_context_of_the_environment_comes_before_that_of_the_settings()
    {
        Context("one", """{"Name":"one","Metadata":{},"Endpoints":{"docker":{"Host":"tcp://one:2375","SkipTLSVerify":false}}}""");
        Context("two", """{"Name":"two","Endpoints":{"docker":{"Host":"tcp://two"}}}""");
        Settings("""{"auths":{},"currentContext":"two"}""");
        Assert.Equal("tcp://two", Locate().Text);
        Assert.Equal(new Uri("http://two:2375/"), Locate().BaseAddress);
        _variables["DOCKER_CONTEXT"] = "one";
        Assert.Equal("tcp://one:2375", Locate().Text);
        _variables["DOCKER_CONTEXT"] = "default";
        Assert.StartsWith("unix://", Locate().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificates_make_it_tls()
    {
        _variables["DOCKER_HOST"] = "tcp://far:2376";
        _variables["DOCKER_TLS_VERIFY"] = "1";
        _variables["DOCKER_CERT_PATH"] = _folder.Path;
        File.WriteAllText(_folder.File("ca.pem"), "");
        EngineEndpoint endpoint = Locate();
        Assert.Equal(new EngineTls(_folder.File("ca.pem"), null, null, Verify: true), endpoint.Tls);
        Assert.Equal(new Uri("https://far:2376/"), endpoint.BaseAddress);
        Assert.False(endpoint.IsLocal);
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("ssh://host")]
    [InlineData("ftp://host")]
    public void What_cannot_be_reached_is_refused_with_what_can(string host)
    {
        _variables["DOCKER_HOST"] = host;
        Fault fault = Assert.Throws<IpdrException>(Locate).Fault;
        Assert.Equal(FaultCode.BadSettings, fault.Code);
        Assert.Contains("unix:///", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_that_is_not_there_or_is_broken_is_told()
    {
        Settings("""{"currentContext":"gone"}""");
        Assert.Contains("gone", Assert.Throws<IpdrException>(Locate).Fault.What, StringComparison.Ordinal);
        Context("gone", "{");
        Assert.Equal(FaultCode.BadSettings, Assert.Throws<IpdrException>(Locate).Fault.Code);
        Context("gone", "{}");
        Assert.Contains("names no host", Assert.Throws<IpdrException>(Locate).Fault.What, StringComparison.Ordinal);
    }

    private EngineEndpoint Locate() => new EngineLocator(_variables.GetValueOrDefault, _folder.Path).Locate();

    private void Settings(string json)
    {
        Directory.CreateDirectory(_folder.File(".docker"));
        File.WriteAllText(_folder.File(".docker/config.json"), json);
    }

    private void Context(string name, string json)
    {
        string folder = _folder.File($".docker/contexts/meta/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "meta.json"), json);
    }
}
