namespace Ipdr.Server.Access;

/// <summary>Who may pull, and who may push.</summary>
/// <param name="HtpasswdFile">Users and their bcrypt hashes, as <c>htpasswd -B</c> writes them; read again when it changes.</param>
public sealed record AccessPolicy(string HtpasswdFile)
{
    /// <summary>Whether pulling needs no user. Default false.</summary>
    public bool AnonymousPull { get; init; }

    /// <summary>The only users who may push. Default null: all that are in the file.</summary>
    public IReadOnlySet<string>? Pushers { get; init; }
}
