using System.Text.Json;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Signatures.Formats;

/// <summary>A thing that a statement is about (in-toto attestation framework, resource_descriptor.md).</summary>
/// <param name="Digest">Its digests, each under the name of its algorithm.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Annotations">Free pairs.</param>
internal sealed record InTotoSubject(Dictionary<string, string>? Digest = null, string? Name = null, Dictionary<string, JsonElement>? Annotations = null)
{
    /// <summary>Is it what has this digest?</summary>
    public bool Is(Digest digest) => Digest?.GetValueOrDefault(digest.Algorithm.Name) == digest.Encoded;
}
