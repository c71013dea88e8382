using System.Text;
using CsCheck;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

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
    public void Each_fault_is_tried_above()
    {
        IEnumerable<object?> tried = typeof(DigestTests).GetMethod(nameof(A_text_that_is_no_digest_is_told_why))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false)
            .Select(data => ((InlineDataAttribute)data).Data[1]);
        Assert.Empty(Enum.GetValues<DigestFault>().Cast<object>().Except(tried));
    }

    [Fact]
    public void Any_text_is_a_digest_or_a_fault() =>
        Gen.String.Sample(text => Digest.TryParse(text, null, out Digest digest) == (digest.ToString() == text && text.Length > 0));

    [Fact]
    public void A_digest_with_one_character_changed_is_another_digest_or_none() =>
        Gen.Select(Gen.Int[0, EmptySha256.Length - 1], Gen.Char).Sample((position, character) =>
        {
            char[] text = EmptySha256.ToCharArray();
            text[position] = character;
            return !Digest.TryParse(text, null, out Digest digest) || digest.ToString() == new string(text);
        });

    [Theory]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e", DigestFault.UnsupportedAlgorithm, FaultCode.UnsupportedAlgorithm)]
    [InlineData("sha256:00", DigestFault.BadLength, FaultCode.BadDigest)]
    public void Parsing_throws_the_fault(string text, DigestFault reason, FaultCode code)
    {
        DigestFormatException thrown = Assert.Throws<DigestFormatException>(() => Digest.Parse(text));
        Assert.Equal((reason, code, $"digest \"{text}\""), (thrown.Reason, thrown.Fault.Code, thrown.Fault.Where));
    }

    [Fact]
    public void A_hostile_text_reaches_the_message_harmless_and_short()
    {
        string hostile = "sha256:\u001b[2J\r\n\u202e" + new string('é', 5000);
        string message = Assert.Throws<DigestFormatException>(() => Digest.Parse(hostile)).Message;
        Assert.Contains("sha256:\\u001B[2J\\u000D\\u000A\\u202E", message, StringComparison.Ordinal);
        Assert.DoesNotContain(message, char.IsControl);
        Assert.InRange(message.Length, 1, 1200);
    }

    [Fact]
    public void No_text_is_an_argument_that_is_missing()
    {
        Assert.Throws<ArgumentNullException>("s", () => Digest.Parse((string)null!));
        Assert.False(Digest.TryParse(null, null, out _));
    }

    [Fact]
    public void No_digest_prints_as_nothing_and_equals_no_other()
    {
        Assert.Equal(("", ""), (default(Digest).ToString(), default(Digest).Encoded));
        Assert.NotEqual(default, Digest.Parse(EmptySha256));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void An_algorithm_is_found_by_its_name_and_by_no_other(DigestAlgorithm algorithm)
    {
        Assert.True(DigestAlgorithm.TryParseName(algorithm.Name, out DigestAlgorithm found));
        Assert.Equal(algorithm, found);
        Assert.False(DigestAlgorithm.TryParseName(algorithm.Name.ToUpperInvariant(), out _));
        Assert.False(DigestAlgorithm.TryParseName(algorithm.Name + " ", out _));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_hash_of_another_length_is_refused(DigestAlgorithm algorithm)
    {
        Assert.Equal(2 * algorithm.ByteLength, Digest.OfHash(algorithm, new byte[algorithm.ByteLength]).Encoded.Length);
        Assert.Throws<ArgumentException>("hash", () => Digest.OfHash(algorithm, new byte[algorithm.ByteLength - 1]));
        Assert.Throws<ArgumentException>("hash", () => Digest.OfHash(algorithm, new byte[algorithm.ByteLength + 1]));
    }

    [Fact]
    public void A_value_that_is_no_algorithm_has_neither_name_nor_length_nor_hasher()
    {
        const DigestAlgorithm None = (DigestAlgorithm)99;
        Assert.Throws<ArgumentOutOfRangeException>(() => None.Name);
        Assert.Throws<ArgumentOutOfRangeException>(() => None.ByteLength);
        Assert.Throws<ArgumentOutOfRangeException>(() => DigestHasher.Create(None));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Printing_and_parsing_are_inverse(DigestAlgorithm algorithm) => Gen.Byte.Array[0, 100]
        .Sample(content => Digest.OfContent(algorithm, content) is var digest && Digest.Parse(digest.ToString()) == digest);

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_digest_does_not_depend_on_how_the_content_is_cut(DigestAlgorithm algorithm) => Gen
        .Select(Gen.Byte.Array[0, 20_000], Gen.Int[1, 5000])
        .Sample((content, step) =>
        {
            using DigestHasher hasher = DigestHasher.Create(algorithm);
            for (int i = 0; i < content.Length; i += step)
                hasher.Append(content.AsSpan(i, Math.Min(step, content.Length - i)));
            return hasher.Finish() == Digest.OfContent(algorithm, content);
        });

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void After_its_digest_a_hasher_is_as_new(DigestAlgorithm algorithm)
    {
        using DigestHasher hasher = DigestHasher.Create(algorithm);
        Assert.Equal(algorithm, hasher.Algorithm);
        hasher.Append("abc"u8);
        Assert.Equal(Digest.OfContent(algorithm, "abc"u8), hasher.Finish());
        Assert.Equal(Digest.OfContent(algorithm, []), hasher.Finish());
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(DigestAlgorithm.Sha512, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")]
    [InlineData(DigestAlgorithm.Blake3, "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85")]
    public void Known_content_has_the_known_digest(DigestAlgorithm algorithm, string expected) =>
        Assert.Equal(expected, Digest.OfContent(algorithm, Encoding.ASCII.GetBytes("abc")).Encoded);
}
