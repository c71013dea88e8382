using System.Text.Json.Serialization;

namespace Ipdr.Oci.Gateways.Pinning;

/// <summary>A request to a pinning service, and how far it is.</summary>
/// <param name="RequestId">What the service calls it.</param>
/// <param name="Status"><c>queued</c>, <c>pinning</c>, <c>pinned</c> or <c>failed</c>.</param>
/// <param name="Delegates">Multiaddrs of who will fetch the content.</param>
/// <param name="Info">What else the service says, such as why it failed.</param>
public sealed record PinRequest(
    [property: JsonPropertyName("requestid")] string RequestId, string Status, IReadOnlyList<string>? Delegates = null, IReadOnlyDictionary<string, string>? Info = null)
{
    /// <summary>What the request is for; every answer has it.</summary>
    [JsonInclude]
    internal PinWish? Pin { get; init; }
}
