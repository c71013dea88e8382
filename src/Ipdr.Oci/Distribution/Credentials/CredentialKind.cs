namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>What a secret is.</summary>
public enum CredentialKind
{
    /// <summary>A password.</summary>
    Password,

    /// <summary>A token for which a token server gives others (OAuth2's refresh token).</summary>
    IdentityToken,

    /// <summary>A token that is shown to the registry as it is.</summary>
    RegistryToken,
}
