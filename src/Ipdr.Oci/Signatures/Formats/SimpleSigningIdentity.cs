using System.Text.Json.Serialization;

namespace Ipdr.Oci.Signatures.Formats;

/// <summary>What the image was called where it was signed. Cosign ignores it (SIGNATURE_SPEC.md).</summary>
internal sealed record SimpleSigningIdentity([property: JsonPropertyName("docker-reference")] string? DockerReference = null);
