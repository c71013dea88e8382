using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Tests.Multiformats;

public sealed class ContentPathTests
{
    private const string Dir = "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354";
    private const string Dir0 = "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn";
    private const string Dir36 = "k2jmtxtlhjl3fhmgndf92e48by79ryjuvqp3y2qgehpao6v3lurvnmcv";
    private const string DirLegacy = "ciqftfeehedf6klbt32bfaglxezl4uwfnwm4lftlmxqbcerz6cmlx3y";

    [Theory]
    [InlineData(Dir, $"/ipfs/{Dir}")]
    [InlineData(Dir0, $"/ipfs/{Dir0}")]
    [InlineData(Dir36, $"/ipfs/{Dir}")]
    [InlineData(DirLegacy, $"/ipfs/{Dir0}")]
    [InlineData($"{Dir}/", $"/ipfs/{Dir}")]
    [InlineData($"{Dir}/a b/c%20d", $"/ipfs/{Dir}/a b/c%20d")]
    [InlineData($"/ipfs/{Dir0}/a//b/", $"/ipfs/{Dir0}/a/b")]
    [InlineData($"ipfs://{Dir}", $"/ipfs/{Dir}")]
    [InlineData($"IPFS://{Dir}/a%20b?x=1#y", $"/ipfs/{Dir}/a b")]
    [InlineData($"ipfs://ipfs/{Dir}", $"/ipfs/{Dir}")]
    [InlineData($"https://gateway.example/ipfs/{Dir0}/v2/x?format=car", $"/ipfs/{Dir0}/v2/x")]
    [InlineData($"http://127.0.0.1:8080/ipfs/{Dir}", $"/ipfs/{Dir}")]
    [InlineData($"https://{Dir}.ipfs.gateway.example/%C3%A4", $"/ipfs/{Dir}/ä")]
    [InlineData($"https://{Dir}.ipfs.localhost:8080", $"/ipfs/{Dir}")]
    [InlineData($"https://{Dir36}.ipfs.gateway.example/#top", $"/ipfs/{Dir}")]
    public void Each_spelling_that_people_paste_is_read(string text, string expected)
    {
        ContentPath path = ContentPath.Parse(text);
        Assert.Equal(expected, path.ToString());
        Assert.Equal(path, ContentPath.Parse(path.ToString()));
        Assert.Equal(path.GetHashCode(), ContentPath.Parse(path.ToString()).GetHashCode());
    }

    [Theory]
    [InlineData("", CidFault.Empty)]
    [InlineData("/ipfs/", CidFault.Empty)]
    [InlineData("ipfs://", CidFault.Empty)]
    [InlineData("/ipns/example.com", CidFault.MutableName)]
    [InlineData("ipns://example.com", CidFault.MutableName)]
    [InlineData("https://gateway.example/ipns/example.com", CidFault.MutableName)]
    [InlineData("https://k51qzi5uqu5d.ipns.gateway.example/", CidFault.MutableName)]
    [InlineData("https://example.com/", CidFault.NoCid)]
    [InlineData("https://example", CidFault.NoCid)]
    [InlineData("/home/me", CidFault.NoCid)]
    [InlineData($"{Dir}/../x", CidFault.BadPath)]
    [InlineData($"{Dir}/./x", CidFault.BadPath)]
    [InlineData($"ipfs://{Dir}/%2E%2E/x", CidFault.BadPath)]
    [InlineData($"ipfs://{Dir}/a%2Fb", CidFault.BadPath)]
    [InlineData($"ipfs://{Dir}/a%00b", CidFault.BadPath)]
    [InlineData($" {Dir}", CidFault.UnknownBase)]
    [InlineData("https://bafy.ipfs.example/", CidFault.BadEncoding)]
    public void What_leads_to_no_content_is_told_why(string text, CidFault fault)
    {
        Assert.Equal(fault, ContentPath.Read(text, out ContentPath? path));
        Assert.Null(path);
        Assert.Equal(fault, Assert.Throws<CidFormatException>(() => ContentPath.Parse(text)).Reason);
        Assert.False(ContentPath.TryParse(text, null, out _));
    }

    [Fact]
    public void A_text_without_end_is_refused() => Assert.Equal(CidFault.TextTooLong, ContentPath.Read(new string('a', 10_000), out _));
}
