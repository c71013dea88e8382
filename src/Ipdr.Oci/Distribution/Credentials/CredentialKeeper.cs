namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>Who keeps credentials.</summary>
/// <param name="File">The file of settings.</param>
/// <param name="Helper">The helper that it names; null where the file itself has them, in plain text.</param>
public sealed record CredentialKeeper(string File, string? Helper = null)
{
    /// <summary>The program, or the file.</summary>
    public override string ToString() => Helper is null ? File : CredentialHelper.ProgramOf(Helper);
}
