namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>What is looked at of Docker's <c>config.json</c> and of containers' <c>auth.json</c>.</summary>
/// <param name="Auths">Secrets by registry, perhaps with a path.</param>
/// <param name="CredsStore">The helper that has all others.</param>
/// <param name="CredHelpers">Helpers by registry.</param>
internal sealed record AuthFile(
    IReadOnlyDictionary<string, AuthEntry>? Auths = null, string? CredsStore = null, IReadOnlyDictionary<string, string>? CredHelpers = null);
