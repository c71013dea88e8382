namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>What a registry is shown. Prints nothing of it.</summary>
/// <param name="Username">The user; empty where a token says it all.</param>
/// <param name="Secret">The password, or the token.</param>
/// <param name="Kind">What the secret is.</param>
public sealed record Credential(string Username, string Secret, CredentialKind Kind = CredentialKind.Password)
{
    /// <summary>Never the secret.</summary>
    public override string ToString() => $"{Kind} of {Username}";
}
