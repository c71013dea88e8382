using System.Text.Json.Serialization;

namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>Files of secrets, and what helpers say. Members that are not known here pass: they are other tools' settings.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 32)]
[JsonSerializable(typeof(AuthFile))]
[JsonSerializable(typeof(HelperAnswer))]
[JsonSerializable(typeof(HelperEntry))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class CredentialJson : JsonSerializerContext;
