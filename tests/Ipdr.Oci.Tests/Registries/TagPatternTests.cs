using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Tests.Registries;

/// <summary>Patterns of tags: told from names, and what they mean.</summary>
public sealed class TagPatternTests
{
    private static readonly string Digest = new('a', 64);

    [Theory]
    [InlineData("host.example:5000/team/app:1.*", "host.example:5000/team/app", "1.*")]
    [InlineData("host.example:5000/app:*", "host.example:5000/app", "*")]
    [InlineData("alpine:3.2?", "docker.io/library/alpine", "3.2?")]
    public void A_pattern_stands_behind_a_repository(string text, string repository, string pattern)
    {
        Assert.True(TagPattern.TrySplit(text, out ImageReference? name, out TagPattern? tags));
        Assert.Equal((repository, pattern), (name.Name, tags.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("*")]
    [InlineData(":*")]
    [InlineData("alpine:3.20")]
    [InlineData("host.example:5000/*")]
    [InlineData("host.example:*/app")]
    [InlineData("host.example/team/*:1")]
    [InlineData("alpine:3.20:*")]
    [InlineData("Alpine:*")]
    public void Anything_else_is_none(string? text) => Assert.False(TagPattern.TrySplit(text, out _, out _));

    [Theory]
    [InlineData("*", "1.0", true)]
    [InlineData("1.*", "1.0", true)]
    [InlineData("1.*", "1x0", false)]
    [InlineData("1.*", "21.0", false)]
    [InlineData("1.?", "1.10", false)]
    [InlineData("*-alpine", "3.1-alpine", true)]
    [InlineData("*-alpine", "3.1-Alpine", false)]
    public void Stars_stand_for_anything_and_case_counts(string pattern, string tag, bool matches) => Assert.Equal(matches, PatternOf(pattern).Matches(Tag.Parse(tag)));

    [Theory]
    [InlineData("*", false)]
    [InlineData("s*", false)]
    [InlineData("sha256-*", true)]
    public void Tags_of_what_refers_to_a_manifest_are_meant_where_the_pattern_begins_like_them(string pattern, bool matches)
    {
        Assert.Equal(matches, PatternOf(pattern).Matches(Tag.Parse($"sha256-{Digest}.sig")));
        Assert.Equal(matches, PatternOf(pattern).Matches(Tag.Parse($"sha256-{Digest}")));
    }

    private static TagPattern PatternOf(string text) => TagPattern.TrySplit($"a/b:{text}", out _, out TagPattern? pattern) ? pattern : throw new FormatException(text);
}
