using System.Text.Json.Serialization;
using Ipdr.Cli.Verify.Sarif;

namespace Ipdr.Cli.Verify;

/// <summary>How verification is written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(VerificationDocument))]
[JsonSerializable(typeof(VerificationDocuments))]
[JsonSerializable(typeof(SarifLog))]
internal sealed partial class VerificationJson : JsonSerializerContext;
