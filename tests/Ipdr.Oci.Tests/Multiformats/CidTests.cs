using System.Runtime.CompilerServices;
using CsCheck;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Tests.Multiformats;

public sealed class CidTests
{
    private const string Version0 = "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn";
    private const string Raw = "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4";

    private static readonly Gen<Cid> AnyCid = Gen.Select(Gen.Byte.Array[0, 128], Gen.Int[0, int.MaxValue], Gen.Int[0x20, 0x2000])
        .Select((digest, codec, function) => Cid.Create(1, (Multicodec)codec, Multihash.Create((MultihashCode)function, digest)));

    public static TheoryData<Multibase> Bases => [.. Enum.GetValues<Multibase>()];

    [Theory]
    [InlineData(Raw, CidFault.None)]
    [InlineData("", CidFault.Empty)]
    [InlineData("b", CidFault.Empty)]
    [InlineData("?afkrei", CidFault.UnknownBase)]
    [InlineData("bafkrei0", CidFault.BadCharacter)]
    [InlineData(Raw + " ", CidFault.BadCharacter)]
    [InlineData("f015", CidFault.BadEncoding)]
    [InlineData("Qm", CidFault.BadVersion0Length)]
    [InlineData("f122059948439065f29619ef41280cbb932be52c56d99c5966b65e0111239f098bbef", CidFault.Version0InBase)]
    [InlineData("f02551220", CidFault.UnsupportedVersion)]
    [InlineData("f018000", CidFault.BadVarint)]
    [InlineData("f0180808080081200", CidFault.CodeTooLarge)]
    [InlineData("f01551221", CidFault.DigestTooLong)]
    [InlineData("f01551220a948", CidFault.Truncated)]
    [InlineData("f0155000000", CidFault.TrailingBytes)]
    [InlineData("ciqftfeehedf6klbt32bfaglxezl4uwfnwm4lftlmxqbcerz6cmlx3y", CidFault.LegacyName)]
    public void A_text_that_is_no_cid_is_told_why(string text, CidFault fault)
    {
        Assert.Equal(fault, Cid.Read(text, out Cid cid));
        Assert.Equal(fault == CidFault.None ? text : "", cid.ToString());
    }

    [Theory]
    [InlineData('b', CidFault.TextTooLong)]
    [InlineData('z', CidFault.TextTooLong)]
    [InlineData('k', CidFault.TextTooLong)]
    public void A_text_without_end_is_refused_before_it_is_decoded(char prefix, CidFault fault)
    {
        Assert.Equal(fault, Cid.Read(prefix + new string('2', 1_000_000), out _));
        Assert.Equal(fault, Cid.Read(prefix + new string('2', 2 * Cid.MaxLength), out _));
    }

    [Fact]
    public void Each_fault_of_a_cid_has_words()
    {
        foreach (CidFault fault in Enum.GetValues<CidFault>().Where(fault => fault != CidFault.None))
        {
            Fault described = CidFormatException.Describe(fault, "bafy\u001b[2J");
            Assert.Equal((FaultCode.BadCid, "CID \"bafy\\u001B[2J\""), (described.Code, described.Where));
            Assert.NotEmpty(described.Remedy);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => CidFormatException.Describe(CidFault.None, ""));
        Assert.Equal(CidFault.BadVersion0Length, Assert.Throws<CidFormatException>(() => Cid.Parse("Qm")).Reason);
        Assert.Throws<ArgumentNullException>("s", () => Cid.Parse((string)null!));
    }

    [Theory]
    [MemberData(nameof(Bases))]
    public void Printing_and_parsing_are_inverse_in_each_base(Multibase @base) =>
        AnyCid.Sample(cid => Cid.Parse(cid.ToString(@base)) == cid && cid.ToString(@base).Length <= 1 + 2 * Cid.MaxLength);

    [Fact]
    public void Writing_and_reading_bytes_are_inverse_and_leave_what_follows() => Gen.Select(AnyCid, Gen.Byte.Array[0, 5]).Sample((cid, behind) =>
    {
        byte[] bytes = [.. Binary(cid), .. behind];
        return Cid.Read(bytes, out Cid read, out int length) == CidFault.None && read == cid && length == bytes.Length - behind.Length
            && Cid.Read(bytes, out _) == (behind.Length == 0 ? CidFault.None : CidFault.TrailingBytes);
    });

    [Fact]
    public void Bytes_cut_off_anywhere_are_no_cid() => AnyCid.Sample(cid =>
        Enumerable.Range(0, cid.Length).All(length => Cid.Read(Binary(cid).AsSpan(0, length), out _) != CidFault.None));

    [Fact]
    public void Any_bytes_are_a_cid_with_these_bytes_or_a_fault() => Gen.Byte.Array[0, 60].Sample(bytes =>
        Cid.Read(bytes, out Cid cid) != CidFault.None || Binary(cid).AsSpan().SequenceEqual(bytes));

    [Fact]
    public void A_cid_with_one_character_changed_is_another_cid_or_none() => Gen.Select(Gen.Int[0, Raw.Length - 1], Gen.Char.AlphaNumeric).Sample((position, character) =>
    {
        char[] text = Raw.ToCharArray();
        text[position] = character;
        return !Cid.TryParse(text, null, out Cid cid) || new string(text) == Raw || cid != Cid.Parse(Raw);
    });

    [Fact]
    public void Equality_is_that_of_the_bytes() => Gen.Select(AnyCid, AnyCid).Sample((one, other) =>
        (one == other) == Binary(one).AsSpan().SequenceEqual(Binary(other)) && one == Cid.Parse(one.ToString()) && one.GetHashCode() == Cid.Parse(one.ToString()).GetHashCode());

    [Fact]
    public void A_version_0_and_its_version_1_differ_and_lead_to_each_other()
    {
        Cid cid = Cid.Parse(Version0);
        Assert.NotEqual(cid, cid.ToVersion1());
        Assert.True(cid.ToVersion1().TryToVersion0(out Cid back));
        Assert.Equal(cid, back);
        Assert.False(Cid.Parse(Raw).TryToVersion0(out _));
        Assert.Throws<InvalidOperationException>(() => cid.ToString(Multibase.Base32));
    }

    [Fact]
    public void A_version_0_of_anything_else_cannot_be_made()
    {
        Multihash sha256 = Multihash.OfContent(MultihashCode.Sha256, []);
        Assert.Throws<ArgumentException>(() => Cid.Create(0, Multicodec.Raw, sha256));
        Assert.Throws<ArgumentException>(() => Cid.Create(0, Multicodec.DagPb, Multihash.OfContent(MultihashCode.Sha512, [])));
        Assert.Throws<ArgumentException>(() => Cid.Create(0, Multicodec.DagPb, Multihash.Create(MultihashCode.Sha256, sha256.Digest[..20])));
        Assert.Throws<ArgumentOutOfRangeException>(() => Cid.Create(2, Multicodec.Raw, sha256));
        Assert.Throws<ArgumentOutOfRangeException>(() => Cid.Create(1, (Multicodec)(-1), sha256));
    }

    [Fact]
    public void No_cid_prints_as_nothing_and_has_no_bytes()
    {
        Assert.Equal(("", 0, 0), (default(Cid).ToString(), default(Cid).Length, default(Cid).CopyTo([])));
        Assert.NotEqual(default, Cid.Parse("bafkqaaa"));
    }

    [Fact]
    public void A_cid_is_small_and_takes_no_memory_of_its_own()
    {
        Assert.Equal(56, Unsafe.SizeOf<Cid>());
        byte[] bytes = Binary(Cid.Parse(Raw));
        // What the runtime makes once for a type is made by the first use.
        Assert.Equal(Use(), Use());
        long before = GC.GetAllocatedBytesForCurrentThread();
        int sum = Use();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(bytes.Length + Cid.Parse(Raw).GetHashCode() + 1, sum);

        int Use() => Cid.Read(bytes, out Cid cid) == CidFault.None ? cid.CopyTo(bytes) + cid.GetHashCode() + (cid.Equals(cid.ToVersion1()) ? 1 : 0) : 0;
    }

    private static byte[] Binary(Cid cid)
    {
        byte[] bytes = new byte[cid.Length];
        cid.CopyTo(bytes);
        return bytes;
    }
}
