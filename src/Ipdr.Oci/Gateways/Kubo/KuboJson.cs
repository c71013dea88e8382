using System.Text.Json.Serialization;

namespace Ipdr.Oci.Gateways.Kubo;

/// <summary>How a daemon's answers are read. They spell their members with capitals.</summary>
[JsonSourceGenerationOptions(MaxDepth = 16)]
[JsonSerializable(typeof(KuboVersion))]
[JsonSerializable(typeof(KuboIdentity))]
[JsonSerializable(typeof(KuboPins))]
[JsonSerializable(typeof(KuboReference))]
[JsonSerializable(typeof(KuboBlock))]
[JsonSerializable(typeof(KuboPinned))]
[JsonSerializable(typeof(KuboImport))]
internal sealed partial class KuboJson : JsonSerializerContext;
