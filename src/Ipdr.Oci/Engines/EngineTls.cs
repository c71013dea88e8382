namespace Ipdr.Oci.Engines;

/// <summary>How an engine that is reached by TLS is known, and how it knows us. Files are PEM.</summary>
/// <param name="Authority">Who signed its certificate; null for those that the system trusts.</param>
/// <param name="Certificate">Our certificate; null for none.</param>
/// <param name="Key">Our key; null for none.</param>
/// <param name="Verify">Check its certificate. Docker's tools do so only when told to (<c>DOCKER_TLS_VERIFY</c>).</param>
public sealed record EngineTls(string? Authority, string? Certificate, string? Key, bool Verify)
{
    /// <summary>The files as Docker's tools call them: <c>ca.pem</c>, <c>cert.pem</c>, <c>key.pem</c>.</summary>
    internal static EngineTls OfFolder(string folder, bool verify)
    {
        string? Existing(string name) => Path.Combine(folder, name) is var path && File.Exists(path) ? path : null;
        return new EngineTls(Existing("ca.pem"), Existing("cert.pem"), Existing("key.pem"), verify);
    }
}
