using Ipdr.Oci.Digests.Hashing;

namespace Ipdr.Oci.Tests.Digests.Hashing;

/// <summary>Hashes that <c>b2sum -l 256</c> of coreutils gives.</summary>
public sealed class Blake2bTests
{
    [Theory]
    [InlineData(0, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")]
    [InlineData(1, "03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314")]
    [InlineData(127, "f2fe67ff342e21b8f45e8f2e0bcd1d9243245d50ee6c78042e9c491388791c72")]
    [InlineData(128, "c3582f71ebb2be66fa5dd750f80baae97554f3b015663c8be377cfcb2488c1d1")]
    [InlineData(129, "f7f3c46ba2564ff4c4c162da1f5b605f9f1c4aa6a20652a9f9a337c1a2f5b9c9")]
    [InlineData(1000, "c636324d47d89f2b2434dc2c994100663fbbaea880ff020fc5de89dd0f77a1ec")]
    public void A_hash_is_that_of_coreutils(int length, string expected)
    {
        byte[] hash = new byte[Blake2b.HashLength256];
        Blake2b.Hash256([.. Enumerable.Range(0, length).Select(i => (byte)i)], hash);
        Assert.Equal(expected, Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void The_example_of_the_rfc_holds()
    {
        Blake2b hasher = new(64);
        byte[] hash = new byte[64];
        hasher.Append("abc"u8);
        hasher.FinishAndReset(hash);
        Assert.Equal(
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
            Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void A_length_that_no_hash_has_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Blake2b(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Blake2b(65));
    }
}
