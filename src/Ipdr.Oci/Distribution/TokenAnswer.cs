using System.Text.Json.Serialization;

namespace Ipdr.Oci.Distribution;

/// <summary>What a token server gives (distribution, "Token Authentication Specification").</summary>
internal sealed record TokenAnswer
{
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    [JsonPropertyName("expires_in")]
    public double? ExpiresIn { get; init; }
}
