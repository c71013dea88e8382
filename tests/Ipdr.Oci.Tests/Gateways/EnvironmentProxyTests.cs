using System.Net;
using Ipdr.Oci.Gateways;

namespace Ipdr.Oci.Tests.Gateways;

public sealed class EnvironmentProxyTests
{
    private static readonly EnvironmentProxy Proxy = new(new WebProxy("http://proxy.example:3128") { BypassList = [@"inside\.example"] }, new ProxyExceptions("elsewhere.example:8080"), new ProxyVariables(_ => null));

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
        Assert.Null(Proxy.GetProxy(new Uri("http://elsewhere.example:8080/")));
        Assert.NotNull(Proxy.GetProxy(new Uri("http://elsewhere.example/")));
    }

    // What Go's programs make of the same lists.
    [Theory]
    [InlineData("*", "https://example.org/", true)]
    [InlineData(null, "https://example.org/", false)]
    [InlineData(" , ,", "https://example.org/", false)]
    [InlineData("example.org", "https://example.org/", true)]
    [InlineData("Example.ORG", "https://registry.example.org:5000/", true)]
    [InlineData("example.org", "https://counterexample.org/", false)]
    [InlineData(".example.org", "https://example.org/", false)]
    [InlineData(".example.org", "https://a.b.example.org/", true)]
    [InlineData("*.example.org", "https://a.example.org/", true)]
    [InlineData("*.example.org", "https://example.org/", false)]
    [InlineData("example.org:443", "https://example.org/", true)]
    [InlineData("example.org:443", "https://example.org:5000/", false)]
    [InlineData("other.example, example.org:5000", "https://a.example.org:5000/", true)]
    [InlineData("192.0.2.1", "http://192.0.2.1:5000/", true)]
    [InlineData("192.0.2.1:5000", "http://192.0.2.1:5000/", true)]
    [InlineData("192.0.2.1:5000", "http://192.0.2.1/", false)]
    [InlineData("192.0.2.0/24", "http://192.0.2.77/", true)]
    [InlineData("192.0.2.0/24", "http://192.0.3.77/", false)]
    [InlineData("192.0.2.9/24", "http://192.0.2.77/", true)]
    [InlineData("192.0.2.9/33", "http://192.0.2.9/", false)]
    [InlineData("192.0.2.9/31", "http://192.0.2.10/", false)]
    [InlineData("0.0.0.0/0", "http://192.0.2.9/", true)]
    [InlineData("192.0.2.0/24", "http://name.example/", false)]
    [InlineData("2001:db8::/32", "http://[2001:db8::5]:80/", true)]
    [InlineData("2001:db8::5", "http://[2001:db8::5]:5000/", true)]
    [InlineData("[2001:db8::5]:5000", "http://[2001:db8::5]:5000/", true)]
    [InlineData("[2001:db8::5]:5000", "http://[2001:db8::5]/", false)]
    [InlineData(":5000", "http://example.org:5000/", false)]
    public void Exceptions_are_read_as_by_the_programs_beside_this_one(string? list, string address, bool isCovered) =>
        Assert.Equal(isCovered, new ProxyExceptions(list).Covers(new Uri(address)));
}
