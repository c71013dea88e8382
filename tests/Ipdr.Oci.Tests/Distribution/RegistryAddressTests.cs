using Ipdr.Oci.Distribution.Credentials;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>What can be logged in to.</summary>
public sealed class RegistryAddressTests
{
    [Theory]
    [InlineData("registry.example.com", "registry.example.com", null)]
    [InlineData("registry.example.com:5000", "registry.example.com:5000", null)]
    [InlineData("localhost", "localhost", null)]
    [InlineData("[::1]:5000", "[::1]:5000", null)]
    [InlineData("registry.example.com/team", "registry.example.com", "team")]
    [InlineData("registry.example.com:5000/team/sub", "registry.example.com:5000", "team/sub")]
    [InlineData("https://registry.example.com/", "registry.example.com", null)]
    [InlineData("https://registry.example.com/v2/", "registry.example.com", null)]
    [InlineData("docker.io", "docker.io", null)]
    [InlineData("index.docker.io", "docker.io", null)]
    [InlineData("https://index.docker.io/v1/", "docker.io", null)]
    [InlineData("docker.io/team", "docker.io", "team")]
    public void An_address_is_a_host_and_perhaps_a_namespace(string text, string host, string? space)
    {
        RegistryAddress address = RegistryAddress.Parse(text);
        Assert.Equal((host, space), (address.Host, address.Namespace));
        Assert.Equal(address, RegistryAddress.Parse(address.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("registry")]
    [InlineData("team/app")]
    [InlineData("registry.example.com/")]
    [InlineData("registry.example.com/app:1.0")]
    [InlineData("registry.example.com/Team")]
    [InlineData("registry.example.com:port")]
    [InlineData("me@registry.example.com")]
    public void Anything_else_is_none(string text) => Assert.Throws<FormatException>(() => RegistryAddress.Parse(text));
}
