using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Signatures;

namespace Ipdr.Oci.Tests.Signatures;

/// <summary>Public keys of every kind verify what their private halves sign; whatever is none is told what it is.</summary>
public sealed class SignatureKeyTests
{
    private static readonly byte[] Message = "what is signed"u8.ToArray();

    public static TheoryData<string, string> Kinds => new(
        from curve in (string[])["nistP256", "nistP384", "nistP521"]
        from hash in (string[])["SHA256", "SHA384", "SHA512"]
        select (curve, hash));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_key_on_a_curve_verifies_over_each_hash(string curve, string hash) =>
        AssertVerifies(TestSigner.Ecdsa(ECCurve.CreateFromFriendlyName(curve), new HashAlgorithmName(hash), "key"), $"ECDSA P-{curve[^3..]}");

    [Theory]
    [InlineData(2048, "SHA256", false)]
    [InlineData(2048, "SHA256", true)]
    [InlineData(3072, "SHA384", false)]
    [InlineData(3072, "SHA384", true)]
    [InlineData(4096, "SHA512", false)]
    [InlineData(4096, "SHA512", true)]
    public void An_rsa_key_verifies_with_either_padding(int bits, string hash, bool pss) =>
        AssertVerifies(TestSigner.Rsa(bits, new HashAlgorithmName(hash), pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1, "key"), $"RSA {bits}");

    [Fact]
    public void A_signature_over_sha1_is_none()
    {
        Assert.False(Verifies(TestSigner.Rsa(2048, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1, "key")));
        Assert.False(Verifies(TestSigner.Ecdsa(ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA1, "key")));
    }

    [Fact]
    public void A_signature_that_is_empty_too_long_or_no_der_is_none_and_fails_nothing()
    {
        foreach (TestSigner signer in (TestSigner[])[TestSigner.Default, TestSigner.Rsa(2048, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, "key")])
        {
            byte[] good = signer.Sign(Message);
            foreach (byte[] bad in (byte[][])[[], [0x30], [0x30, 0x84, 0xff, 0xff, 0xff, 0xff], [.. good, 0], good[..^1], new byte[64], new byte[1 << 20]])
                Assert.False(signer.Key.Verifies(new SignedMessage(Message), bad));
        }
    }

    [Fact]
    public void Zero_signatures_are_none()
    {
        // CVE-2022-21449: r = s = 0.
        Assert.False(TestSigner.Default.Key.Verifies(new SignedMessage(Message), [0x30, 6, 2, 1, 0, 2, 1, 0]));
        Assert.False(TestSigner.Rsa(2048, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, "key").Key.Verifies(new SignedMessage(Message), new byte[256]));
    }

    [Fact]
    public void The_numbers_of_an_rsa_key_alone_are_the_same_key()
    {
        using RSA rsa = RSA.Create(2048);
        SignatureKey plain = SignatureKey.Parse(rsa.ExportRSAPublicKeyPem(), "a"), info = SignatureKey.Parse(rsa.ExportSubjectPublicKeyInfoPem(), "b");
        Assert.Equal((info.Fingerprint, info.Kind, false), (plain.Fingerprint, plain.Kind, plain.IsOfCertificate));
        Assert.True(plain.Verifies(new SignedMessage(Message), rsa.SignData(Message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
    }

    [Fact]
    public void The_key_of_a_certificate_is_used_and_said_to_be_that()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=signer", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        SignatureKey read = SignatureKey.Parse($"subject=CN=signer\n{certificate.ExportCertificatePem()}\n", "signer.crt");
        Assert.True(read.IsOfCertificate);
        Assert.Equal(SignatureKey.Parse(key.ExportSubjectPublicKeyInfoPem(), "key").Fingerprint, read.Fingerprint);
        Assert.True(read.Verifies(new SignedMessage(Message), key.SignData(Message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));
    }

    [Fact]
    public void A_fingerprint_is_what_cosign_hints_with() =>
        Assert.Equal("sL7yEhxbgyCgWOaZ5m3bdSFjeijhbAKabTOKdAudXHM=", SignedFixtures.Key("p256.pub").Fingerprint);

    [Fact]
    public void What_is_no_public_key_is_told_what_it_is()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256), other = ECDsa.Create(ECCurve.CreateFromFriendlyName("secp256k1"));
        using RSA small = RSA.Create(1024);
        string pem = key.ExportSubjectPublicKeyInfoPem();
        byte[] info = key.ExportSubjectPublicKeyInfo();
        AssertRefused("", "no PEM");
        AssertRefused("no key at all", "no PEM");
        AssertRefused("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1 me@here", "SSH");
        AssertRefused(key.ExportPkcs8PrivateKeyPem(), "private key");
        AssertRefused(key.ExportECPrivateKeyPem(), "private key");
        AssertRefused(PemEncoding.WriteString("ENCRYPTED SIGSTORE PRIVATE KEY", [1, 2]), "private key");
        AssertRefused(PemEncoding.WriteString("PGP PUBLIC KEY BLOCK", [1, 2]), "PGP PUBLIC KEY BLOCK");
        AssertRefused($"{pem}\n{pem}", "several");
        AssertRefused(PemEncoding.WriteString("PUBLIC KEY", []), "malformed");
        AssertRefused(PemEncoding.WriteString("PUBLIC KEY", info.AsSpan(..^1)), "malformed");
        AssertRefused(PemEncoding.WriteString("PUBLIC KEY", [.. info, 0]), "follow the key");
        AssertRefused(PemEncoding.WriteString("RSA PUBLIC KEY", info), "malformed");
        AssertRefused(PemEncoding.WriteString("CERTIFICATE", info), "malformed");
        AssertRefused(small.ExportSubjectPublicKeyInfoPem(), "1024 bits");
        AssertRefused(other.ExportSubjectPublicKeyInfoPem(), "another curve");
        AssertRefused(File.ReadAllText(SignedFixtures.PathOf("ed25519.pub")), "Ed25519");
    }

    [Fact]
    public void No_byte_of_a_key_file_makes_the_reader_fall()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] info = key.ExportSubjectPublicKeyInfo();
        for (int i = 0; i < info.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. info];
                changed[i] ^= (byte)(1 << bit);
                try
                {
                    Assert.NotEqual(SignatureKey.Parse(key.ExportSubjectPublicKeyInfoPem(), "key").Fingerprint, SignatureKey.Parse(PemEncoding.WriteString("PUBLIC KEY", changed), "key").Fingerprint);
                }
                catch (IpdrException e)
                {
                    Assert.Equal(FaultCode.BadKey, e.Fault.Code);
                }
            }
        }
    }

    private static bool Verifies(TestSigner signer) => signer.Key.Verifies(new SignedMessage(Message), signer.Sign(Message));

    private static void AssertVerifies(TestSigner signer, string kind)
    {
        Assert.Equal(kind, signer.Key.Kind);
        Assert.True(Verifies(signer));
        Assert.False(signer.Key.Verifies(new SignedMessage("what was not"u8.ToArray()), signer.Sign(Message)));
        Assert.False(TestSigner.Default.Key.Verifies(new SignedMessage(Message), signer.Sign(Message)));
    }

    private static void AssertRefused(string pem, string why)
    {
        Fault fault = Assert.Throws<IpdrException>(() => SignatureKey.Parse(pem, "key.pem")).Fault;
        Assert.Equal((FaultCode.BadKey, "key.pem"), (fault.Code, fault.Where));
        Assert.Contains(why, fault.What, StringComparison.Ordinal);
        Assert.NotEmpty(fault.Remedy);
    }
}
