using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>Who may vouch for one registry beside those whom the system trusts, and who we are there.</summary>
/// <param name="host">The registry's host, with its port where references have one.</param>
internal sealed class RegistryTrust(string host) : IDisposable
{
    // Extended key usage: TLS server (RFC 5280, section 4.2.1.12).
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";

    private readonly string _name = new Uri($"https://{host}").IdnHost;

    /// <summary>Authorities.</summary>
    public X509Certificate2Collection Authorities { get; } = [];

    /// <summary>Certificates with their keys.</summary>
    public X509Certificate2Collection Identities { get; } = [];

    /// <summary>Settles how connections are secured.</summary>
    public void Configure(SslClientAuthenticationOptions tls)
    {
        tls.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => errors == SslPolicyErrors.None || (errors == SslPolicyErrors.RemoteCertificateChainErrors && IsVouchedFor(certificate, chain));
        if (Identities.Count > 0)
        {
            tls.ClientCertificates = Identities;
            // Who we are is not said to where the registry redirects.
            tls.LocalCertificateSelectionCallback = (_, target, own, _, _) => target == _name ? own[0] : null!;
        }
    }

    public void Dispose()
    {
        foreach (X509Certificate2 certificate in Authorities.Concat(Identities))
            certificate.Dispose();
    }

    // The name is right; only who signed is not known to the system.
    private bool IsVouchedFor(X509Certificate? certificate, X509Chain? presented)
    {
        if (Authorities.Count == 0 || certificate is not X509Certificate2 server)
            return false;
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerUsage));
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities);
        chain.ChainPolicy.ExtraStore.AddRange(presented?.ChainPolicy.ExtraStore ?? []);
        return chain.Build(server);
    }
}
