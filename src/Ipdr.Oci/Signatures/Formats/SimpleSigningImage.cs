using System.Text.Json.Serialization;

namespace Ipdr.Oci.Signatures.Formats;

/// <summary>Names the image that a simple-signing payload is about.</summary>
internal sealed record SimpleSigningImage([property: JsonPropertyName("docker-manifest-digest")] string DockerManifestDigest);
