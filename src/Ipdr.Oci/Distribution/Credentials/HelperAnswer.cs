using System.Text.Json.Serialization;

namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>What a credential helper says.</summary>
/// <param name="Username">The user; <c>&lt;token&gt;</c> where the secret is an identity token.</param>
/// <param name="Secret">The secret.</param>
internal sealed record HelperAnswer([property: JsonPropertyName("Username")] string? Username = null, [property: JsonPropertyName("Secret")] string? Secret = null);
