using Ipdr.Oci.Digests;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Tests.Registries;

/// <summary>Tags that say of which manifest they speak.</summary>
public sealed class ReferrerTagTests
{
    private const string Hex = "0565376993765a60c98c5301ca2f57bfdc8a468b363de248e3152fa85c45d00d";

    [Fact]
    public void A_list_has_the_digest_as_its_tag() => Assert.Equal($"sha256-{Hex}", ReferrerTag.ListOf(Digest.Parse($"sha256:{Hex}")).ToString());

    // distribution-spec, "Referrers Tag Schema": the encoded part is cut to 64 characters.
    [Fact]
    public void A_long_digest_is_cut() => Assert.Equal($"sha512-{Hex}", ReferrerTag.ListOf(Digest.Parse($"sha512:{Hex}{Hex}")).ToString());

    [Fact]
    public void Cosign_has_three_tags_for_a_manifest() =>
        Assert.Equal([$"sha256-{Hex}.sig", $"sha256-{Hex}.att", $"sha256-{Hex}.sbom"], ReferrerTag.CosignOf(Digest.Parse($"sha256:{Hex}")).Select(tag => tag.ToString()));

    [Fact]
    public void What_would_be_longer_than_a_tag_may_be_is_none() => Assert.Empty(ReferrerTag.CosignOf(Digest.Parse($"sha512:{Hex}{Hex}")));

    [Theory]
    [InlineData($"sha256-{Hex}", true)]
    [InlineData($"sha256-{Hex}.sig", true)]
    [InlineData($"sha256-{Hex}.sbom", true)]
    [InlineData($"sha256-{Hex}.txt", false)]
    [InlineData($"sha512-{Hex}", true)]
    [InlineData($"sha512-{Hex}.sig", false)]
    [InlineData($"sha512-{Hex}{Hex}.sig", true)]
    [InlineData($"build-{Hex}", false)]
    [InlineData("sha256-0565", false)]
    [InlineData("1.0", false)]
    [InlineData("a.sig", false)]
    [InlineData("-.sig", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Such_tags_are_told_from_others(string? text, bool expected) => Assert.Equal(expected, ReferrerTag.Is(text));
}
