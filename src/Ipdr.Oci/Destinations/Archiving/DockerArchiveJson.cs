using System.Text.Json.Serialization;

namespace Ipdr.Oci.Destinations.Archiving;

/// <summary>The documents of a Docker archive as they are written: members in this order, none left out.</summary>
[JsonSerializable(typeof(IReadOnlyList<DockerArchiveEntry>))]
internal sealed partial class DockerArchiveJson : JsonSerializerContext;
