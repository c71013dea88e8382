using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways;

namespace Ipdr.Oci.Tests.Gateways;

public sealed class AddressTests
{
    [Theory]
    [InlineData("https://gateway.example", "https://gateway.example/")]
    [InlineData("https://gateway.example/ipfs/", "https://gateway.example/")]
    [InlineData("https://gateway.example/a/ipfs", "https://gateway.example/a")]
    [InlineData("127.0.0.1:8080", "http://127.0.0.1:8080/")]
    [InlineData("localhost:5001", "http://localhost:5001/")]
    [InlineData("[::1]:5001", "http://[::1]:5001/")]
    [InlineData("/ip4/127.0.0.1/tcp/5001", "http://127.0.0.1:5001/")]
    [InlineData("/ip6/::1/tcp/5001", "http://[::1]:5001/")]
    [InlineData("/dns4/node.example/tcp/443/https", "https://node.example/")]
    [InlineData("/dns/node.example/tcp/8443/tls/http", "https://node.example:8443/")]
    [InlineData("/ip4/127.0.0.1/tcp/5001/p2p/12D3KooWA/", "http://127.0.0.1:5001/")]
    public void Addresses_are_written_in_many_ways(string text, string expected) => Assert.Equal(expected, GatewayAddress.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("ftp://gateway.example")]
    [InlineData("https://")]
    [InlineData("/ip4/127.0.0.1/udp/4001/quic-v1")]
    [InlineData("/ip4/300.0.0.1/tcp/80")]
    [InlineData("/ip4/127.0.0.1/tcp/0")]
    [InlineData("/unix/run/ipfs.sock")]
    [InlineData("/etc/passwd")]
    public void What_is_no_address_is_refused(string text) =>
        Assert.Equal(FaultCode.BadAddress, Assert.Throws<IpdrException>(() => GatewayAddress.Parse(text)).Fault.Code);

    [Theory]
    [InlineData("https://a.example/x", "https://b.example/y", true)]
    [InlineData("http://a.example/x", "https://a.example/y", true)]
    [InlineData("http://127.0.0.1:1/x", "http://127.0.0.1:2/y", true)]
    [InlineData("http://10.0.0.1/x", "http://10.0.0.2/y", true)]
    [InlineData("https://a.example/x", "http://a.example/y", false)]
    [InlineData("https://a.example/x", "https://127.0.0.1/y", false)]
    [InlineData("https://a.example/x", "https://localhost/y", false)]
    [InlineData("https://a.example/x", "https://192.168.1.1/y", false)]
    [InlineData("https://a.example/x", "https://169.254.169.254/latest/meta-data", false)]
    [InlineData("https://a.example/x", "https://[::1]/y", false)]
    [InlineData("https://a.example/x", "https://[::ffff:10.0.0.1]/y", false)]
    [InlineData("https://a.example/x", "https://[fd00::1]/y", false)]
    [InlineData("https://a.example/x", "https://user:secret@b.example/y", false)]
    [InlineData("http://a.example/x", "file:///etc/passwd", false)]
    [InlineData("http://a.example/x", "gopher://a.example/", false)]
    public void A_redirect_leads_outward_and_never_to_less_safety(string from, string to, bool isFollowed) =>
        Assert.Equal(isFollowed, RedirectRules.Objection(new Uri(from), new Uri(to)) is null);
}
