using System.Text.Json;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Tests.Multiformats;

public sealed class CidVectorTests
{
    public static TheoryData<string> Valid => CidVectors.Valid;

    public static TheoryData<string> Invalid => CidVectors.Invalid;

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_cid_is_read_as_others_read_it(string id)
    {
        JsonElement vector = CidVectors.Find(id);
        byte[] bytes = Convert.FromHexString(vector.GetProperty("bytes").GetString()!);
        Assert.Equal(CidFault.None, Cid.Read(bytes, out Cid cid));
        if (vector.TryGetProperty("text", out JsonElement text))
            Assert.Equal(cid, Cid.Parse(text.GetString()!));

        Assert.Equal(vector.GetProperty("version").GetInt32(), cid.Version);
        Assert.Equal((vector.GetProperty("codec").GetInt32(), vector.GetProperty("codecName").GetString()), ((int)cid.Codec, cid.Codec.Name));
        Assert.Equal((vector.GetProperty("hash").GetInt32(), vector.GetProperty("hashName").GetString()), ((int)cid.Hash.Code, cid.Hash.Code.Name));
        Multihash hash = cid.Hash;
        Assert.Equal(vector.GetProperty("digest").GetString(), Convert.ToHexStringLower(hash.Digest));
        Assert.Equal(bytes, Binary(cid));
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_cid_is_written_as_others_write_it(string id)
    {
        JsonElement vector = CidVectors.Find(id), asV1 = vector.GetProperty("asV1");
        Assert.Equal(CidFault.None, Cid.Read(Convert.FromHexString(vector.GetProperty("bytes").GetString()!), out Cid cid));
        Cid version1 = cid.ToVersion1();

        Assert.Equal(vector.GetProperty("canonical").GetString(), cid.ToString());
        Assert.Equal(asV1.GetProperty("base32").GetString(), version1.ToString(Multibase.Base32));
        Assert.Equal(asV1.GetProperty("base36").GetString(), version1.ToString(Multibase.Base36));
        Assert.Equal(asV1.GetProperty("base58btc").GetString(), version1.ToString(Multibase.Base58Btc));
        Assert.Equal(asV1.GetProperty("base16").GetString(), version1.ToString(Multibase.Base16));
        Assert.Equal(vector.GetProperty("asV0").GetString() ?? "", cid.TryToVersion0(out Cid version0) ? version0.ToString() : "");
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void What_is_no_cid_is_refused(string id)
    {
        JsonElement vector = CidVectors.Find(id);
        CidFault fault = vector.TryGetProperty("text", out JsonElement text)
            ? Cid.Read(text.GetString(), out Cid cid)
            : Cid.Read(Convert.FromHexString(vector.GetProperty("bytes").GetString()!), out cid);

        Assert.NotEqual(CidFault.None, fault);
        Assert.Equal(default, cid);
    }

    [Fact]
    public void The_legacy_names_are_those_of_the_first_ipdr()
    {
        Assert.All(CidVectors.LegacyNames("valid"), vector =>
        {
            Cid cid = Cid.Parse(vector.GetProperty("cidv0").GetString()!);
            string expected = vector.GetProperty("dockerName").GetString()!;
            Assert.True(LegacyImageName.TryCreate(cid, out string? name));
            Assert.Equal(expected, name);
            Assert.True(LegacyImageName.TryCreate(Cid.Parse(vector.GetProperty("cidv1").GetString()!), out name));
            Assert.Equal(expected, name);
            Assert.Equal((CidFault.None, cid), (LegacyImageName.Read(name, out Cid read), read));
        });
        Assert.All(CidVectors.LegacyNames("invalid"), vector =>
            Assert.Equal(CidFault.BadLegacyName, LegacyImageName.Read(vector.GetProperty("dockerName").GetString(), out _)));
    }

    private static byte[] Binary(Cid cid)
    {
        byte[] bytes = new byte[cid.Length];
        Assert.Equal(bytes.Length, cid.CopyTo(bytes));
        return bytes;
    }
}
