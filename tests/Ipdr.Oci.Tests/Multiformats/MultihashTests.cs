using System.Text;
using CsCheck;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Tests.Multiformats;

public sealed class MultihashTests
{
    public static TheoryData<MultihashCode> Functions => [.. Enum.GetValues<MultihashCode>().Where(code => code != MultihashCode.Identity)];

    [Theory]
    [InlineData(MultihashCode.Identity, "616263")]
    [InlineData(MultihashCode.Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(MultihashCode.Sha512, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")]
    [InlineData(MultihashCode.Blake3, "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85")]
    [InlineData(MultihashCode.Blake2b256, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")]
    public void Known_content_has_the_known_hash(MultihashCode code, string expected)
    {
        Multihash hash = Multihash.OfContent(code, Encoding.ASCII.GetBytes("abc"));
        Assert.Equal(expected, Convert.ToHexStringLower(hash.Digest));
        Assert.Equal($"{code.Name}:{expected}", hash.ToString());
        Assert.True(hash.IsVerifiable && hash.Matches("abc"u8) && !hash.Matches("abd"u8));
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_hash_does_not_depend_on_how_the_content_is_cut(MultihashCode code) => Gen
        .Select(Gen.Byte.Array[0, 20_000], Gen.Int[1, 5000])
        .Sample((content, step) =>
        {
            using MultihashHasher hasher = MultihashHasher.Create(code);
            for (int i = 0; i < content.Length; i += step)
                hasher.Append(content.AsSpan(i, Math.Min(step, content.Length - i)));
            return hasher.Code == code && hasher.Finish() == Multihash.OfContent(code, content) && hasher.Finish() == Multihash.OfContent(code, []);
        });

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_is_found_by_its_name(MultihashCode code)
    {
        Assert.True(MultihashCode.TryParseName(code.Name, out MultihashCode found));
        Assert.Equal(code, found);
        Assert.False(MultihashCode.TryParseName(code.Name + " ", out _));
    }

    [Fact]
    public void A_shortened_digest_is_compared_as_far_as_it_goes_and_not_believed_below_20_bytes()
    {
        Multihash whole = Multihash.OfContent(MultihashCode.Sha256, "abc"u8);
        Multihash shortened = Multihash.Create(MultihashCode.Sha256, whole.Digest[..20]);
        Assert.True(shortened.Matches("abc"u8));
        Assert.False(shortened.Matches("abd"u8));
        Multihash tooShort = Multihash.Create(MultihashCode.Sha256, whole.Digest[..19]);
        Assert.False(tooShort.IsVerifiable);
        Assert.Throws<InvalidOperationException>(() => tooShort.Matches("abc"u8));
        Assert.False(Multihash.Create(MultihashCode.Blake3, new byte[33]).IsVerifiable);
        Assert.False(Multihash.Create((MultihashCode)0x1b, new byte[32]).IsVerifiable);
    }

    [Fact]
    public void A_digest_longer_than_its_function_gives_is_refused()
    {
        Assert.Throws<ArgumentException>("digest", () => Multihash.Create(MultihashCode.Sha256, new byte[33]));
        Assert.Throws<ArgumentException>("digest", () => Multihash.Create(MultihashCode.Identity, new byte[129]));
        Assert.Throws<ArgumentOutOfRangeException>(() => MultihashHasher.Create(MultihashCode.Identity));
        Assert.Throws<ArgumentOutOfRangeException>(() => Multihash.OfContent((MultihashCode)0x1b, []));
        Assert.Equal(CidFault.DigestTooLong, Multihash.Read([0x12, 33, .. new byte[33]], out _, out _));
    }
}
