using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Signatures;

namespace Ipdr.Oci.Tests.Signatures;

/// <summary>A key pair that is made for a test, and signs as cosign does.</summary>
/// <param name="Key">The public half.</param>
/// <param name="Sign">The private half: bytes to a signature.</param>
internal sealed record TestSigner(SignatureKey Key, Func<byte[], byte[]> Sign)
{
    public const string SignPredicate = "https://sigstore.dev/cosign/sign/v1", StatementType = "https://in-toto.io/Statement/v1", PayloadType = "application/vnd.in-toto+json";

    private static readonly Lazy<TestSigner> LazyDefault = new(() => Ecdsa(ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256, "test.pub"));

    /// <summary>One on P-256, as cosign makes them.</summary>
    public static TestSigner Default => LazyDefault.Value;

    public static TestSigner Ecdsa(ECCurve curve, HashAlgorithmName hash, string name)
    {
        ECDsa key = ECDsa.Create(curve);
        return new TestSigner(SignatureKey.Parse(key.ExportSubjectPublicKeyInfoPem(), name), bytes => key.SignData(bytes, hash, DSASignatureFormat.Rfc3279DerSequence));
    }

    public static TestSigner Rsa(int bits, HashAlgorithmName hash, RSASignaturePadding padding, string name)
    {
        RSA key = RSA.Create(bits);
        return new TestSigner(SignatureKey.Parse(key.ExportSubjectPublicKeyInfoPem(), name), bytes => key.SignData(bytes, hash, padding));
    }

    public static byte[] Payload(Digest image, string type = "cosign container image signature") => Encoding.UTF8.GetBytes(
        $$$"""{"critical":{"identity":{"docker-reference":"team/app"},"image":{"docker-manifest-digest":"{{{image}}}"},"type":"{{{type}}}"},"optional":{"build":"42","count":7}}""");

    public static byte[] Statement(Digest image, string predicate = SignPredicate, string type = StatementType) => Encoding.UTF8.GetBytes(
        $$$"""{"_type":"{{{type}}}","subject":[{"digest":{"sha256":"{{{new string('0', 64)}}}"}},{"name":"team/app","digest":{"sha256":"{{{image.Encoded}}}"}}],"predicateType":"{{{predicate}}}","predicate":{}}""");

    /// <summary>A layer of cosign's: a payload and its signature.</summary>
    public (string Type, byte[] Content, string? Signature) Simple(byte[] payload) => (SignedPlace.SimpleSigning, payload, Convert.ToBase64String(Sign(payload)));

    /// <summary>A bundle with a statement.</summary>
    public JsonObject Envelope(byte[] statement, string type = PayloadType) => new()
    {
        ["payload"] = Convert.ToBase64String(statement),
        ["payloadType"] = type,
        ["signatures"] = new JsonArray(new JsonObject { ["sig"] = Convert.ToBase64String(Sign(PreAuthentication(type, statement))) }),
    };

    public JsonObject Bundle(string member, JsonObject content) => new()
    {
        ["mediaType"] = SignedPlace.Bundle,
        ["verificationMaterial"] = new JsonObject { ["publicKey"] = new JsonObject { ["hint"] = Key.Fingerprint } },
        [member] = content,
    };

    /// <summary>A bundle that signs the manifest itself.</summary>
    public JsonObject Message(byte[] manifest) => Bundle("messageSignature", new JsonObject
    {
        ["messageDigest"] = new JsonObject { ["algorithm"] = "SHA2_256", ["digest"] = Convert.ToBase64String(SHA256.HashData(manifest)) },
        ["signature"] = Convert.ToBase64String(Sign(manifest)),
    });

    public static (string Type, byte[] Content, string? Signature) Layer(JsonObject document, string type = SignedPlace.Bundle) => (type, JsonSerializer.SerializeToUtf8Bytes(document), null);

    // protocol.md of DSSE, written down once more.
    private static byte[] PreAuthentication(string type, byte[] payload) =>
        [.. Encoding.UTF8.GetBytes($"DSSEv1 {Encoding.UTF8.GetByteCount(type)} {type} {payload.Length} "), .. payload];
}
