using Ipdr.Oci.Images;

namespace Ipdr.Oci.Signatures.Formats;

/// <summary>A sigstore bundle: a signature with what it takes to verify it (sigstore protobuf-specs, sigstore_bundle.proto, as JSON).</summary>
/// <param name="MessageSignature">A signature of the manifest itself; null where there is an envelope.</param>
/// <param name="DsseEnvelope">A statement with its signatures; null where the manifest itself is signed.</param>
/// <param name="VerificationMaterial">Whose key it is said to be. Certificates, logs and timestamps in it are not looked at.</param>
internal sealed record SigstoreBundle(BundledSignature? MessageSignature = null, DsseEnvelope? DsseEnvelope = null, BundledMaterial? VerificationMaterial = null)
{
    private const string MediaTypeStart = "application/vnd.dev.sigstore.bundle.", MediaTypeEnd = "+json";

    /// <summary>Is it a bundle, of any version? The members that are read here are the same in all.</summary>
    public static bool Is(MediaType type) =>
        type.ToString() is var text && text.StartsWith(MediaTypeStart, StringComparison.Ordinal) && text.EndsWith(MediaTypeEnd, StringComparison.Ordinal);
}
