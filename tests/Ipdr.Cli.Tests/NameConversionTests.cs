namespace Ipdr.Cli.Tests;

/// <summary><c>ipdr convert HASH --format</c>.</summary>
public sealed class NameConversionTests
{
    private const string V0 = "QmaCm7VNsmM61FApFevTcJ1PxPabmfY4Tf2dFjpAdVdHLF";
    private const string V1 = "bafybeifqi3ldg5yclcz33zahr37aieo4epzbhhjxjpwoqyau2mzdxakqhq";
    private const string Legacy = "ciqlarwwgn3qewftxxsapdx6aqi5yi7scootos7m5bqbjuzshoavapa";
    private const string Raw = "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4";

    [Theory]
    [InlineData("docker", Legacy)]
    [InlineData("ipfs", V0)]
    [InlineData("cidv0", V0)]
    [InlineData("cidv1", V1)]
    public async Task Each_spelling_becomes_the_one_that_was_asked_for(string format, string expected)
    {
        (int code, string output, string error) =
            await IpdrProcess.RunAsync("convert", V0, V1, Legacy, $"/ipfs/{V0}", $"ipfs://{V1}", $"https://{V1}.ipfs.gateway.example/", "--format", format);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(string.Concat(Enumerable.Repeat(expected + Environment.NewLine, 6)), output);
    }

    [Theory]
    [InlineData(Raw, "ipfs", 0)]
    [InlineData(Raw, "cidv1", 0)]
    [InlineData(Raw, "cidv0", 1)]
    [InlineData(Raw, "docker", 1)]
    [InlineData("Qmxyz", "cidv1", 1)]
    [InlineData($"/ipfs/{V0}/sub/path", "cidv1", 1)]
    [InlineData("/ipns/example.com", "cidv1", 1)]
    [InlineData(V0, "base64", 2)]
    public async Task What_has_no_such_spelling_is_told_so(string name, string format, int expected)
    {
        (int code, string output, string error) = await IpdrProcess.RunAsync("convert", name, "--format", format);
        Assert.Equal((expected, expected == 0 ? Raw + Environment.NewLine : ""), (code, output));
        Assert.Equal(expected == 0, error.Length == 0);
    }
}
