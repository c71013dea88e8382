using System.Text;
using CsCheck;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Tests.Digests;

public sealed class DigestTests
{
    private const string EmptySha256 = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    public static TheoryData<DigestAlgorithm> Algorithms => [.. Enum.GetValues<DigestAlgorithm>()];

    [Theory]
    [InlineData("", DigestFault.NoColon)]
    [InlineData("sha256", DigestFault.NoColon)]
    [InlineData(":00", DigestFault.BadAlgorithm)]
    [InlineData("Sha256:00", DigestFault.BadAlgorithm)]
    [InlineData("sha256+:00", DigestFault.BadAlgorithm)]
    [InlineData("sha256:", DigestFault.BadEncoding)]
    [InlineData("sha256:../../etc/passwd", DigestFault.BadEncoding)]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e", DigestFault.UnsupportedAlgorithm)]
    [InlineData("sha256:00", DigestFault.BadLength)]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", DigestFault.NotLowerHex)]
    [InlineData(EmptySha256, DigestFault.None)]
    public void A_text_that_is_no_digest_is_told_why(string text, DigestFault fault)
    {
        Assert.Equal(fault, Digest.Read(text, out Digest digest));
        Assert.Equal(fault == DigestFault.None ? text : "", digest.ToString());
    }

    [Fact]
    public void Any_text_is_a_digest_or_a_fault() => Gen.String.Sample(text => Digest.TryParse(text, null, out Digest digest) == (digest.ToString() == text && text.Length > 0));

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Printing_and_parsing_are_inverse(DigestAlgorithm algorithm) => Gen.Byte.Array[0, 100]
        .Sample(content => Digest.OfContent(algorithm, content) is var digest && Digest.Parse(digest.ToString()) == digest);

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_digest_does_not_depend_on_how_the_content_is_cut(DigestAlgorithm algorithm) => Gen.Select(Gen.Byte.Array[0, 20_000], Gen.Int[1, 5000])
        .Sample((content, step) =>
        {
            using DigestHasher hasher = DigestHasher.Create(algorithm);
            for (int i = 0; i < content.Length; i += step)
                hasher.Append(content.AsSpan(i, Math.Min(step, content.Length - i)));
            return hasher.Finish() == Digest.OfContent(algorithm, content);
        });

    [Theory]
    [InlineData(DigestAlgorithm.Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(DigestAlgorithm.Sha512, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")]
    [InlineData(DigestAlgorithm.Blake3, "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85")]
    public void Known_content_has_the_known_digest(DigestAlgorithm algorithm, string expected) =>
        Assert.Equal(expected, Digest.OfContent(algorithm, Encoding.ASCII.GetBytes("abc")).Encoded);
}
