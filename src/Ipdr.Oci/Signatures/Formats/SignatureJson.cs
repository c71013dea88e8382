using System.Text.Json.Serialization;

namespace Ipdr.Oci.Signatures.Formats;

/// <summary>The documents of signatures as strict JSON: no duplicate names anywhere (RFC 7493), since what is signed shall mean one thing; unknown members pass.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    MaxDepth = 64,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SimpleSigningPayload))]
[JsonSerializable(typeof(SigstoreBundle))]
[JsonSerializable(typeof(DsseEnvelope))]
[JsonSerializable(typeof(InTotoStatement))]
internal sealed partial class SignatureJson : JsonSerializerContext;
