using Ipdr.Oci.Distribution.Credentials;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Distribution;

/// <summary>Tries credentials out.</summary>
public static class RegistryLogin
{
    /// <summary>Shows a registry a name and a password (distribution-spec, "Determining Support": <c>GET /v2/</c>), or its token server where it has one.</summary>
    /// <param name="address">The registry.</param>
    /// <param name="credential">What it is shown.</param>
    /// <param name="options">How it is talked to; whose credentials they say does not matter.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False if the registry asked for nothing, so that nothing is proved.</returns>
    /// <exception cref="IpdrException">They are wrong (<see cref="FaultCode.Unauthorized"/>), or the registry does not answer as one.</exception>
    public static async Task<bool> ProveAsync(RegistryAddress address, Credential credential, RegistryOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(options);
        using RegistryTransport transport = new(address.Image, options with { Credentials = CredentialStore.Of(credential) });
        try
        {
            using HttpResponseMessage answer = await transport.SendAsync(new RegistryRequest(HttpMethod.Get, new Uri("v2/", UriKind.Relative), []), cancellationToken).ConfigureAwait(false);
            await transport.RequireAsync(answer, cancellationToken).ConfigureAwait(false);
            return transport.ShowsCredentials;
        }
        catch (IpdrException e) when (e.Fault.Code == FaultCode.Unauthorized)
        {
            throw new IpdrException(e.Fault with { Remedy = "Check the name and the password; some registries want a token in its place. Nothing was written." }, e);
        }
    }
}
