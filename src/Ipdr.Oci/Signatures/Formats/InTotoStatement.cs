using System.Text.Json.Serialization;

namespace Ipdr.Oci.Signatures.Formats;

/// <summary>Says something about things that it names by their digests (in-toto attestation framework, statement.md).</summary>
/// <param name="Type">The version of the statement.</param>
/// <param name="PredicateType">What is said.</param>
/// <param name="Subject">Of what it is said.</param>
internal sealed record InTotoStatement([property: JsonPropertyName("_type")] string Type, string PredicateType, IReadOnlyList<InTotoSubject> Subject)
{
    /// <summary>The type of a payload that is a statement.</summary>
    public const string PayloadType = "application/vnd.in-toto+json";

    /// <summary>The predicate that says nothing but that the image is signed (cosign 3).</summary>
    public const string CosignSignature = "https://sigstore.dev/cosign/sign/v1";

    /// <summary>The versions that there are.</summary>
    public static bool IsKnown(string type) => type is "https://in-toto.io/Statement/v1" or "https://in-toto.io/Statement/v0.1";
}
