using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Signatures;

/// <summary>Reads public keys, and says of all else what it is.</summary>
internal static class KeyReader
{
    /// <summary>What sigstore and the CA/Browser forum take at least, and more than any signer uses.</summary>
    private const int MinRsaBits = 2048, MaxRsaBits = 16_384;

    private const string PublicKeyLabel = "PUBLIC KEY", RsaLabel = "RSA PUBLIC KEY", CertificateLabel = "CERTIFICATE";

    // RFC 3279, RFC 5480, RFC 8410, RFC 4055.
    private const string RsaId = "1.2.840.113549.1.1.1", PssId = "1.2.840.113549.1.1.10", EcId = "1.2.840.10045.2.1", Ed25519Id = "1.3.101.112", Ed448Id = "1.3.101.113";

    private static readonly (string Id, string Name)[] Curves = [("1.2.840.10045.3.1.7", "P-256"), ("1.3.132.0.34", "P-384"), ("1.3.132.0.35", "P-521")];

    /// <summary>Reads the one key of a text.</summary>
    /// <exception cref="IpdrException"><see cref="FaultCode.BadKey"/>.</exception>
    public static SignatureKey Read(string pem, string name)
    {
        (string label, byte[] content) = ReadBlock(pem, name);
        try
        {
            return label switch
            {
                PublicKeyLabel => ReadKey(content, name, isOfCertificate: false),
                RsaLabel => ReadRsa(content, name),
                CertificateLabel => ReadCertificate(content, name),
                _ when label.EndsWith("PRIVATE KEY", StringComparison.Ordinal) => throw Bad(name, $"it is a private key ({label}), which nobody needs for verifying", "Give the public key that belongs to it, such as cosign.pub, and keep this one to yourself."),
                _ => throw Bad(name, $"it holds a {label}, which is no public key that is known here"),
            };
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            throw Bad(name, $"what stands in it as {label} is malformed", inner: e);
        }
    }

    private static (string Label, byte[] Content) ReadBlock(string pem, string name)
    {
        if (!PemEncoding.TryFind(pem, out PemFields fields))
        {
            throw Bad(name, pem.StartsWith("ssh-", StringComparison.Ordinal) || pem.StartsWith("ecdsa-sha2-", StringComparison.Ordinal)
                ? "it is a key of SSH"
                : "there is no PEM in it (-----BEGIN PUBLIC KEY-----)");
        }
        if (PemEncoding.TryFind(pem.AsSpan()[fields.Location.End..], out _))
            throw Bad(name, "it holds several keys or certificates, and it is not clear which is meant", "Give each key a file of its own, and name each with --key.");
        return (pem[fields.Label], Convert.FromBase64String(pem[fields.Base64Data]));
    }

    private static SignatureKey ReadKey(byte[] content, string name, bool isOfCertificate)
    {
        PublicKey key = PublicKey.CreateFromSubjectPublicKeyInfo(content, out int read);
        if (read != content.Length)
            throw Bad(name, "bytes follow the key inside its PEM");
        return key.Oid.Value switch
        {
            EcId => ReadCurve(key, content, name, isOfCertificate),
            RsaId => ReadRsa(key, content, name, isOfCertificate),
            PssId => throw Bad(name, "it is an RSA key for PSS alone (id-RSASSA-PSS), a form that is not read here", "Write it as a plain RSA key: PSS signatures are verified with that too."),
            Ed25519Id or Ed448Id => throw Bad(name, $"it is an {(key.Oid.Value == Ed25519Id ? "Ed25519" : "Ed448")} key, which .NET 10 cannot verify with", "Sign with ECDSA, as cosign does unless it is told otherwise, or with RSA."),
            { } id => throw Bad(name, $"it is a key of an algorithm that is not known here ({id})"),
            null => throw Bad(name, "it does not say of which algorithm it is"),
        };
    }

    private static SignatureKey ReadCurve(PublicKey key, byte[] content, string name, bool isOfCertificate)
    {
        // A curve may be written out with all its numbers (RFC 3279), which are not to be trusted (CVE-2020-0601), and others are not there on every system.
        string? known = Curves.FirstOrDefault(one => one.Id == CurveOf(key)).Name;
        if (known is null)
            throw Bad(name, "it is a key on another curve than P-256, P-384 and P-521");
        using ECDsa curve = key.GetECDsaPublicKey()!;
        return new SignatureKey(name, $"ECDSA {known}", content, curve.ExportParameters(includePrivateParameters: false)) { IsOfCertificate = isOfCertificate };
    }

    private static string? CurveOf(PublicKey key)
    {
        AsnReader parameters = new(key.EncodedParameters?.RawData ?? [], AsnEncodingRules.DER);
        return parameters.HasData && parameters.PeekTag() == Asn1Tag.ObjectIdentifier ? parameters.ReadObjectIdentifier() : null;
    }

    private static SignatureKey ReadRsa(PublicKey key, byte[] content, string name, bool isOfCertificate)
    {
        using RSA? rsa = key.GetRSAPublicKey();
        if (rsa is null)
            throw Bad(name, "the RSA key in it is malformed");
        if (rsa.KeySize is < MinRsaBits or > MaxRsaBits)
            throw Bad(name, $"the RSA key in it has {rsa.KeySize} bits; {MinRsaBits} to {MaxRsaBits} are taken", "Sign with a longer key: short ones have been broken.");
        return new SignatureKey(name, $"RSA {rsa.KeySize}", content, rsa.ExportParameters(includePrivateParameters: false)) { IsOfCertificate = isOfCertificate };
    }

    // RFC 8017, appendix A.1.1: the numbers alone.
    private static SignatureKey ReadRsa(byte[] content, string name)
    {
        using RSA rsa = RSA.Create();
        rsa.ImportRSAPublicKey(content, out int read);
        return read == content.Length ? ReadKey(rsa.ExportSubjectPublicKeyInfo(), name, isOfCertificate: false) : throw Bad(name, "bytes follow the key inside its PEM");
    }

    private static SignatureKey ReadCertificate(byte[] content, string name)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(content);
        return ReadKey(certificate.PublicKey.ExportSubjectPublicKeyInfo(), name, isOfCertificate: true);
    }

    private static IpdrException Bad(string name, string what, string remedy = "Give a public key in PEM, as cosign.pub is: ECDSA on P-256, P-384 or P-521, or RSA.", Exception? inner = null) =>
        new(new Fault(FaultCode.BadKey, what, name, remedy), inner);
}
