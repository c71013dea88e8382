using System.Text.Json.Serialization;

namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>What a credential helper is given to keep.</summary>
/// <param name="ServerUrl">The registry, as settings have it.</param>
/// <param name="Username">The user.</param>
/// <param name="Secret">The password.</param>
internal sealed record HelperEntry(
    [property: JsonPropertyName("ServerURL")] string ServerUrl, [property: JsonPropertyName("Username")] string Username, [property: JsonPropertyName("Secret")] string Secret);
