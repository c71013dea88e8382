using System.Text;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Gateways.Routing;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Tests.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Gateways;

public sealed class DelegatedRoutingTests
{
    private static readonly Cid Content = new BlockBag().AddRaw(1, 2, 3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Providers_that_speak_http_are_found()
    {
        const string Answer = """
            {"Providers":[
              {"Schema":"peer","ID":"12D3KooWA","Addrs":["/dns/gateway.example/tcp/443/https","/ip4/192.0.2.1/tcp/4001"],"Protocols":["transport-ipfs-gateway-http","transport-bitswap"],"More":{"x":[1]}},
              {"Schema":"peer","ID":"12D3KooWB","Addrs":["/ip4/192.0.2.2/tcp/4001"],"Protocols":["transport-bitswap"]},
              {"Schema":"peer","ID":"12D3KooWC","Addrs":["/ip4/192.0.2.3/tcp/80/http"],"Protocols":["transport-ipfs-gateway-http"]},
              {"Schema":"peer","ID":"12D3KooWD","Addrs":["/ip4/192.0.2.4/tcp/4001"],"Protocols":["transport-ipfs-gateway-http"]},
              {"Schema":"from-the-future","Addrs":7},
              {"Schema":"peer","ID":"12D3KooWE","Addrs":["/ip4/192.0.2.3/tcp/80/http"],"Protocols":["transport-ipfs-gateway-http"]}]}
            """;
        Assert.Equal(["https://gateway.example/", "http://192.0.2.3/"], (await AskAsync(Answer.Replace("\"Addrs\":7", "\"Other\":7", StringComparison.Ordinal))).Select(uri => uri.ToString()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"Providers":null}""")]
    [InlineData("""{"Providers":[]}""")]
    public async Task Nobody_may_have_it(string answer) => Assert.Empty(await AskAsync(answer));

    [Fact]
    public async Task A_server_that_knows_nothing_of_it_is_no_failure()
    {
        await using GatewayServer server = GatewayServer.Start(new BlockBag());
        using DelegatedRouting routing = new(server.Address);
        Assert.Empty(await routing.FindGatewaysAsync(Content, Token));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("""{"Providers":[""")]
    [InlineData("""{"Providers":{"Schema":"peer"}}""")]
    public async Task What_is_no_list_of_providers_is_refused(string answer)
    {
        SourceException e = await Assert.ThrowsAsync<SourceException>(() => AskAsync(answer));
        Assert.Equal(SourceFailure.Misbehaves, e.Failure);
    }

    private static async Task<IReadOnlyList<Uri>> AskAsync(string answer)
    {
        await using GatewayServer server = GatewayServer.Start(new BlockBag(), path =>
            path.StartsWith($"/routing/v1/providers/{Content}?", StringComparison.Ordinal) ? ("application/json", Encoding.UTF8.GetBytes(answer)) : null);
        using DelegatedRouting routing = new(server.Address);
        return await routing.FindGatewaysAsync(Content, Token);
    }
}
