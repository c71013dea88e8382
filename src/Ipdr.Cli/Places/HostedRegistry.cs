using System.Net;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Serving;
using Ipdr.Server;

namespace Ipdr.Cli.Places;

/// <summary>A registry of this process, for an engine on this machine to pull from.</summary>
internal sealed class HostedRegistry(RegistryServer server) : IHostedRegistry
{
    public Uri Address => server.Address;

    /// <summary>Starts one on any free port of the loopback address.</summary>
    /// <exception cref="Oci.Faults.IpdrException">None can be listened on.</exception>
    public static async Task<IHostedRegistry> StartAsync(IRegistryContent content, CancellationToken cancellationToken)
    {
        RegistryServer server = RegistryServer.Over(content, new ServerOptions { Address = IPAddress.Loopback, Port = 0, ReadOnly = true, StopTimeout = TimeSpan.Zero });
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
            return new HostedRegistry(server);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await server.StopAsync().ConfigureAwait(false);
        await server.DisposeAsync().ConfigureAwait(false);
    }
}
