using System.Text.RegularExpressions;
using CsCheck;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Tests.Registries;

/// <summary>Names as the distribution spec has them.</summary>
public sealed partial class RepositoryNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("library/alpine")]
    [InlineData("a.b/c_d/e__f/g-h/i---j")]
    [InlineData("0/1")]
    public void A_name_prints_as_it_was_written(string text) => Assert.Equal(text, RepositoryName.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a/")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("A")]
    [InlineData("a..b")]
    [InlineData("a._b")]
    [InlineData("a___b")]
    [InlineData("a-")]
    [InlineData("-a")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("ä")]
    public void What_is_no_name_is_refused(string text)
    {
        Assert.False(RepositoryName.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => RepositoryName.Parse(text));
    }

    [Fact]
    public void A_name_has_at_most_255_characters()
    {
        Assert.True(RepositoryName.TryParse(new string('a', RepositoryName.MaxLength), null, out _));
        Assert.False(RepositoryName.TryParse(new string('a', RepositoryName.MaxLength + 1), null, out _));
    }

    [Fact]
    public void The_reader_and_the_grammar_of_the_spec_agree() => Gen.Char["a0._-/A"].Array[1, 12].Sample(
        letters => RepositoryName.TryParse(letters, null, out _) == Grammar.IsMatch(new string(letters)));

    [GeneratedRegex(@"^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex Grammar { get; }
}
