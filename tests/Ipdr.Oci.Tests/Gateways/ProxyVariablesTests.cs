using System.Net;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways;

namespace Ipdr.Oci.Tests.Gateways;

/// <summary>Variables that name proxies, and those that would and cannot be read.</summary>
public sealed class ProxyVariablesTests
{
    // What .NET takes.
    [Theory]
    [InlineData("proxy.example")]
    [InlineData("proxy.example:3128")]
    [InlineData("http://proxy.example:3128/")]
    [InlineData("HTTP://proxy.example")]
    [InlineData("https://proxy.example:443")]
    [InlineData("socks4://proxy.example:1080")]
    [InlineData("socks4a://proxy.example:1080")]
    [InlineData("socks5://proxy.example:1080")]
    [InlineData("http://user:p%40ss@proxy.example:1")]
    [InlineData("user:pa@ss://w@proxy.example:1")]
    [InlineData("http://user:pa/ss@proxy.example:1")]
    [InlineData("http://[::1]:3128")]
    [InlineData("[::1]")]
    [InlineData("http://a_b:3128")]
    [InlineData("")]
    [InlineData("  ")]
    public void What_can_be_read_is_no_fault(string value) => Assert.Null(Of(("HTTPS_PROXY", value)).FindFault("https"));

    // What it passes over, or makes something else of.
    [Theory]
    [InlineData("http://user:secret@proxy.example:abc", "its port is no number from 1 to 65535")]
    [InlineData("proxy.example:secret", "its port is no number from 1 to 65535")]
    [InlineData("proxy.example:", "its port is no number from 1 to 65535")]
    [InlineData("proxy.example:0", "its port is no number from 1 to 65535")]
    [InlineData("proxy.example:99999", "its port is no number from 1 to 65535")]
    [InlineData("ftp://user:secret@proxy.example:1", "proxies of its kind are not known")]
    [InlineData("socks5h://proxy.example:1", "proxies of its kind are not known")]
    [InlineData("http://", "it names no host")]
    [InlineData("http://user:secret@:3128", "it names no host")]
    [InlineData("user:secret@", "it names no host")]
    [InlineData(" http://user:secret@proxy.example", "there is a space before or behind it")]
    [InlineData("http://secret example:1", "its host can be none")]
    [InlineData("::1", "its host can be none")]
    [InlineData("http//proxy.example:1", "it is no address")]
    [InlineData("http:/proxy.example", "its port is no number from 1 to 65535")]
    public void What_cannot_is_named_without_what_may_be_a_password(string value, string objection)
    {
        Fault fault = Of(("HTTPS_PROXY", value)).FindFault("https")!;
        Assert.Equal((FaultCode.BadSettings, "HTTPS_PROXY"), (fault.Code, fault.Where));
        Assert.EndsWith(objection, fault.What, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", $"{fault} {fault.Remedy}", StringComparison.Ordinal);
    }

    [Fact]
    public void The_variable_that_counts_is_looked_at()
    {
        Assert.Null(Of(("HTTP_PROXY", "proxy:x")).FindFault("https"));
        Assert.Equal("HTTP_PROXY", Of(("HTTP_PROXY", "proxy:x")).FindFault("http")?.Where);
        Assert.Null(Of(("HTTP_PROXY", "proxy:x"), ("GATEWAY_INTERFACE", "CGI/1.1")).FindFault("http"));
        Assert.Equal("all_proxy", Of(("all_proxy", "proxy:x"), ("https_proxy", "")).FindFault("https")?.Where);
        Assert.Null(Of(("https_proxy", "proxy"), ("HTTPS_PROXY", "proxy:x"), ("ALL_PROXY", "proxy:x")).FindFault("https"));
    }

    [Fact]
    public void Who_needs_no_proxy_does_not_mind()
    {
        EnvironmentProxy proxy = new(new WebProxy(), new ProxyExceptions("inside.example"), Of(("ALL_PROXY", "proxy:x")));
        proxy.RequireFor(new Uri("http://127.0.0.1:5000/v2/"));
        proxy.RequireFor(new Uri("https://registry.inside.example/v2/"));
        Assert.Equal(FaultCode.BadSettings, Assert.Throws<IpdrException>(() => proxy.RequireFor(new Uri("https://registry.example/v2/"))).Fault.Code);
    }

    private static ProxyVariables Of(params (string Name, string Value)[] variables) => new(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
