namespace Ipdr.Server.Access;

/// <summary>Who may pull, and who may push. Nobody else is let in.</summary>
/// <param name="HtpasswdFile">Users and their bcrypt hashes, as <c>htpasswd -B</c> writes them; read again when it changes.</param>
public sealed record AccessPolicy(string HtpasswdFile)
{
    /// <summary>The only users who may push. Default null: all that are in the file.</summary>
    public IReadOnlySet<string>? Pushers { get; init; }
}
