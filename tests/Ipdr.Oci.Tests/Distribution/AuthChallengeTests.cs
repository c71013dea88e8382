using Ipdr.Oci.Distribution;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>Challenges come several to a line, quoted or not.</summary>
public sealed class AuthChallengeTests
{
    [Theory]
    [InlineData("Basic realm=\"x\"", "basic{realm=x}")]
    [InlineData("Bearer realm=\"https://a/t\",service=\"s, t\",scope=\"repository:a/b:pull,push\"", "bearer{realm=https://a/t service=s, t scope=repository:a/b:pull,push}")]
    [InlineData("Basic realm=x, Bearer realm=y , service = z", "basic{realm=x}bearer{realm=y service=z}")]
    [InlineData("Negotiate, Basic realm=\"a \\\"b\\\"\"", "negotiate{}basic{realm=a \"b\"}")]
    [InlineData("Bearer realm=\"no end", "bearer{}")]
    [InlineData("", "")]
    [InlineData("=\"", "")]
    public void They_are_read_as_far_as_they_can_be(string header, string expected) => Assert.Equal(
        expected, string.Concat(AuthChallenge.Read(header).Select(challenge => $"{challenge.Scheme}{{{string.Join(' ', challenge.Parameters.Select(pair => $"{pair.Key}={pair.Value}"))}}}")));
}
