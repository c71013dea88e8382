using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Tests.Registries;

/// <summary>Names of manifests inside one registry.</summary>
public sealed class RepositoryReferenceTests
{
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("a/b", "a/b:latest")]
    [InlineData("a/b:1.0", "a/b:1.0")]
    [InlineData("a/b@" + Digest, "a/b@" + Digest)]
    public void A_reference_prints_with_its_default(string text, string printed) => Assert.Equal(printed, RepositoryReference.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(":1")]
    [InlineData("a:")]
    [InlineData("A:1")]
    [InlineData("a@sha256:short")]
    [InlineData("a:1@" + Digest)]
    [InlineData("localhost:5000/a")]
    public void What_is_no_reference_is_refused(string text) => Assert.False(RepositoryReference.TryParse(text, null, out _));
}
