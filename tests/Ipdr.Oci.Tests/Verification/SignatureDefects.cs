using System.Text;
using System.Text.Json.Nodes;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Tests.Signatures;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>What can be wrong with the signatures of an image that is sound otherwise.</summary>
internal static class SignatureDefects
{
    private static readonly TestSigner Signer = TestSigner.Default;

    public static IEnumerable<Defect> All =>
    [
        Signed("an image without a signature", FaultCode.Unsigned, _ => []),
        Signed("a signature beside a good one that is no base64", FaultCode.BadSignature, image => [Signer.Simple(TestSigner.Payload(image)), (SignedPlace.SimpleSigning, TestSigner.Payload(image), "!")]),
        Signed("a signature that was made for another image", FaultCode.SignatureOfOther, _ => [Signer.Simple(TestSigner.Payload(Digest.OfContent(DigestAlgorithm.Sha256, "another"u8)))]).Then(FaultCode.Unsigned),
    ];

    private static Defect Signed(string name, FaultCode code, Func<Digest, (string Type, byte[] Content, string? Signature)[]> sign) =>
        Defect.InFolder(name, code, () => Sign(SampleLayout.Oci(), sign)) with { Options = new VerificationOptions { Keys = [Signer.Key] } };

    // An entry of the index under cosign's tag.
    private static SampleLayout Sign(SampleLayout layout, Func<Digest, (string Type, byte[] Content, string? Signature)[]> sign)
    {
        JsonNode index = JsonNode.Parse(layout.Files["index.json"])!;
        Digest image = Digest.Parse(index["manifests"]![0]!["digest"]!.GetValue<string>());
        (string Type, byte[] Content, string? Signature)[] signatures = sign(image);
        if (signatures.Length == 0)
            return layout;
        JsonObject manifest = new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["config"] = layout.AddBlob("application/vnd.dev.cosign.artifact.sig.v1+json", "{}"),
            ["layers"] = new JsonArray([.. signatures.Select(signature =>
            {
                JsonObject layer = layout.AddBlob(signature.Type, signature.Content);
                layer["annotations"] = new JsonObject { ["dev.cosignproject.cosign/signature"] = signature.Signature };
                return (JsonNode)layer;
            })]),
        };
        JsonObject entry = layout.AddBlob("application/vnd.oci.image.manifest.v1+json", manifest.ToJsonString());
        entry["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = $"sha256-{image.Encoded}.sig" };
        index["manifests"]!.AsArray().Add(entry);
        layout.Files["index.json"] = Encoding.UTF8.GetBytes(index.ToJsonString());
        return layout;
    }
}
