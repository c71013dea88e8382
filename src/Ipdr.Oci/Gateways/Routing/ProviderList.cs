namespace Ipdr.Oci.Gateways.Routing;

/// <summary>The answer of the Delegated Routing API.</summary>
internal sealed record ProviderList(IReadOnlyList<Provider>? Providers);
