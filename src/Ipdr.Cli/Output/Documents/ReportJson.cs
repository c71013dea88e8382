using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ipdr.Cli.Output.Documents;

/// <summary>How results are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ConversionDocument))]
[JsonSerializable(typeof(ConversionDocuments))]
[JsonSerializable(typeof(CidDocument))]
[JsonSerializable(typeof(CarListDocument))]
[JsonSerializable(typeof(CarReportDocument))]
[JsonSerializable(typeof(UnpackDocument))]
[JsonSerializable(typeof(ImageListDocument))]
[JsonSerializable(typeof(PlaceListDocument))]
[JsonSerializable(typeof(CollectionDocument))]
[JsonSerializable(typeof(PushDocument))]
[JsonSerializable(typeof(PullDocument))]
[JsonSerializable(typeof(CopyDocument))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>With + and letters of all languages written as themselves.</summary>
    public static ReportJson Readable => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
