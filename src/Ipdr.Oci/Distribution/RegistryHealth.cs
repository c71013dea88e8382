using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Distribution;

/// <summary>Tells whether it is a registry as a whole that fails.</summary>
internal static class RegistryHealth
{
    /// <summary>Asks a registry whether it is one, and lets us in (distribution-spec, "Determining Support": <c>GET /v2/</c>).</summary>
    /// <param name="image">Any image of it.</param>
    /// <param name="options">How it is talked to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is wrong with it; null if it answers.</returns>
    public static async Task<Fault?> FindFaultAsync(ImageReference image, RegistryOptions options, CancellationToken cancellationToken)
    {
        try
        {
            using RegistryTransport transport = new(image, options);
            using HttpResponseMessage answer = await transport.SendAsync(new RegistryRequest(HttpMethod.Get, new Uri("v2/", UriKind.Relative), []), cancellationToken).ConfigureAwait(false);
            await transport.RequireAsync(answer, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (IpdrException e)
        {
            return e.Fault;
        }
    }
}
