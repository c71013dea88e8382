using CsCheck;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tests.Faults;

public sealed class NearestWordTests
{
    private static readonly string[] Known = ["--compression", "--quick", "--port", "--platform", "docker-archive:", "inspect"];

    [Theory]
    [InlineData("--compresion", "--compression")]
    [InlineData("--comprression", "--compression")]
    [InlineData("--copmression", "--compression")]
    [InlineData("--prot", "--port")]
    [InlineData("--quikc", "--quick")]
    [InlineData("docker-archve:", "docker-archive:")]
    [InlineData("inspekt", "inspect")]
    [InlineData("--paltfrom", "--platform")]
    [InlineData("frobnicate", null)]
    [InlineData("", null)]
    [InlineData("--q", null)]
    public void A_slip_leads_to_what_was_meant(string written, string? meant) => Assert.Equal(meant, NearestWord.To(written, Known));

    [Fact]
    public void One_slip_in_a_long_word_is_always_found() =>
        Gen.Select(Gen.Char['a', 'z'].Array[6, 20], Gen.Int[0, 3], Gen.Int[0, 1000], Gen.Char['a', 'z']).Sample((letters, slip, at, other) =>
        {
            string word = new(letters);
            int i = at % (word.Length - 1);
            string written = slip switch
            {
                0 => word.Remove(i, 1),
                1 => word.Insert(i, other.ToString()),
                2 => word[..i] + other + word[(i + 1)..],
                _ => word[..i] + word[i + 1] + word[i] + word[(i + 2)..],
            };
            Assert.Equal(word, NearestWord.To(written, ["0123456789", word, "98765432109876543210"]));
        });

    [Fact]
    public void Of_words_as_near_the_first_is_taken() => Assert.Equal("abcd", NearestWord.To("abc_", ["abcd", "abce"]));
}
