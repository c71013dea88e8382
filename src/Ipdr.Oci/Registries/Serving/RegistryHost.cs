namespace Ipdr.Oci.Registries.Serving;

/// <summary>Serves content as a registry on this machine's own address, on a free port, for as long as the result is not disposed of.</summary>
/// <param name="content">What it serves.</param>
/// <param name="cancellationToken">Gives up starting.</param>
public delegate Task<IHostedRegistry> RegistryHost(IRegistryContent content, CancellationToken cancellationToken);
