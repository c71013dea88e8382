using System.Text;
using System.Text.Json.Serialization;

namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>The secrets for one registry.</summary>
internal sealed record AuthEntry
{
    /// <summary><c>user:password</c> in base64.</summary>
    public string? Auth { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }

    [JsonPropertyName("registrytoken")]
    public string? RegistryToken { get; init; }

    /// <summary>What is shown; null for an entry that only says where a helper has it.</summary>
    public Credential? ToCredential()
    {
        if (RegistryToken is { Length: > 0 } registry)
            return new Credential("", registry, CredentialKind.RegistryToken);
        (string user, string password) = Decode();
        if (IdentityToken is { Length: > 0 } identity)
            return new Credential(user, identity, CredentialKind.IdentityToken);
        return user.Length > 0 ? new Credential(user, password) : null;
    }

    private (string User, string Password) Decode()
    {
        byte[] bytes = new byte[Auth?.Length ?? 0];
        if (string.IsNullOrEmpty(Auth) || !Convert.TryFromBase64String(Auth, bytes, out int count))
            return (Username ?? "", Password ?? "");
        string[] parts = Encoding.UTF8.GetString(bytes, 0, count).Split(':', 2);
        return (parts[0], parts.Length > 1 ? parts[1].TrimEnd('\0') : "");
    }
}
