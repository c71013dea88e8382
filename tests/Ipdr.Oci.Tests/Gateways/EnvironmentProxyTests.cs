using System.Net;
using Ipdr.Oci.Gateways;

namespace Ipdr.Oci.Tests.Gateways;

public sealed class EnvironmentProxyTests
{
    private static readonly EnvironmentProxy Proxy = new(new WebProxy("http://proxy.example:3128") { BypassList = [@"inside\.example"] });

    [Theory]
    [InlineData("http://127.0.0.1:5001/api/v0/version")]
    [InlineData("http://127.3.2.1/")]
    [InlineData("https://[::1]:5000/v2/")]
    [InlineData("https://localhost/")]
    [InlineData("http://docker.localhost:5000/v2/")]
    public void This_machine_is_reached_directly(string address)
    {
        Assert.True(Proxy.IsBypassed(new Uri(address)));
        Assert.Null(Proxy.GetProxy(new Uri(address)));
    }

    [Fact]
    public void Others_are_reached_as_the_variables_say()
    {
        Assert.Equal(new Uri("http://proxy.example:3128"), Proxy.GetProxy(new Uri("https://registry.example/v2/")));
        Assert.False(Proxy.IsBypassed(new Uri("http://192.0.2.1/")));
        Assert.Null(Proxy.GetProxy(new Uri("https://inside.example/")));
    }
}
