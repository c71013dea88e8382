using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>Finds the certificates that are kept for single registries, where Docker's and podman's tools look: <c>certs.d/HOST[:PORT]</c>.</summary>
/// <remarks>
/// In this order, and the first folder there is counts: containers' of the user (<c>$XDG_CONFIG_HOME</c>), <c>/etc/containers</c>, Docker's of the user,
/// <c>/etc/docker</c>. In it <c>*.crt</c> are authorities beside those of the system, <c>NAME.cert</c> with <c>NAME.key</c> is who we are. All are PEM.
/// </remarks>
public sealed class RegistryCertificates
{
    private const string FolderName = "certs.d", AuthoritySuffix = ".crt", CertificateSuffix = ".cert", KeySuffix = ".key";

    private readonly string[] _folders;

    internal RegistryCertificates(params string[] folders) => _folders = folders;

    /// <summary>Those of this machine and user.</summary>
    public static RegistryCertificates OfProcess { get; } = Of(Environment.GetEnvironmentVariable("XDG_CONFIG_HOME"), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));

    /// <summary>None.</summary>
    public static RegistryCertificates None { get; } = new();

    /// <summary>What is kept for a registry; null for nothing. The caller disposes of it.</summary>
    /// <param name="host">Its host as references have it, with the port where they do.</param>
    /// <exception cref="IpdrException">A file cannot be used; <see cref="FaultCode.BadSettings"/>.</exception>
    internal RegistryTrust? Find(string host)
    {
        string? folder = _folders.Select(parent => Path.Combine(parent, host)).FirstOrDefault(Directory.Exists);
        if (folder is null)
            return null;
        RegistryTrust trust = new(host);
        try
        {
            foreach (string file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
                Add(trust, file);
            return trust;
        }
        catch (Exception e)
        {
            trust.Dispose();
            if (e is CryptographicException or IOException or UnauthorizedAccessException)
                throw Unusable(folder, e.Message.TrimEnd('.'), e);
            throw;
        }
    }

    private static RegistryCertificates Of(string? configured, string home)
    {
        // XDG base directories: a relative path is to be ignored.
        string settings = configured is not null && Path.IsPathRooted(configured) ? configured : Path.Combine(home, ".config");
        return new RegistryCertificates(
            Path.Combine(settings, "containers", FolderName), Path.Combine("/etc/containers", FolderName),
            Path.Combine(settings, "docker", FolderName), Path.Combine("/etc/docker", FolderName));
    }

    private static void Add(RegistryTrust trust, string file)
    {
        switch (Path.GetExtension(file))
        {
            case AuthoritySuffix:
                int known = trust.Authorities.Count;
                trust.Authorities.ImportFromPemFile(file);
                if (trust.Authorities.Count == known)
                    throw Unusable(file, "there is no certificate in it");
                break;
            case CertificateSuffix:
                string key = Path.ChangeExtension(file, KeySuffix);
                trust.Identities.Add(File.Exists(key) ? X509Certificate2.CreateFromPemFile(file, key) : throw Unusable(file, $"{Path.GetFileName(key)} is not beside it"));
                break;
            case KeySuffix when !File.Exists(Path.ChangeExtension(file, CertificateSuffix)):
                throw Unusable(file, $"{Path.GetFileNameWithoutExtension(file)}{CertificateSuffix} is not beside it");
        }
    }

    private static IpdrException Unusable(string where, string why, Exception? e = null) => new(
        new Fault(FaultCode.BadSettings, $"the certificates for a registry cannot be used: {why}", where, "There should be authorities (.crt), or a certificate (.cert) and its key (.key), as PEM files."), e);
}
