using System.Text.Json.Serialization;

namespace Ipdr.Cli.Output;

/// <summary>How results are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ConversionDocument))]
[JsonSerializable(typeof(ConversionDocuments))]
[JsonSerializable(typeof(ImageListDocument))]
[JsonSerializable(typeof(CollectionDocument))]
internal sealed partial class ReportJson : JsonSerializerContext;
