using System.Net;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Gateways;

/// <summary>The proxies that <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, <c>ALL_PROXY</c> and <c>NO_PROXY</c> name, which are never asked for this machine.</summary>
/// <remarks>
/// .NET sends requests to 127.0.0.1 to the proxy, unless it is in <c>NO_PROXY</c>; there they lead to the proxy's own machine. Go's programs, Docker's tools
/// among them, expect that a daemon, an engine or a registry that stands here is reached here.
/// </remarks>
/// <param name="named">The proxies as they are named.</param>
/// <param name="exceptions">Who else is reached without them.</param>
/// <param name="variables">The variables that name them.</param>
internal sealed class EnvironmentProxy(IWebProxy named, ProxyExceptions exceptions, ProxyVariables variables) : IWebProxy
{
    /// <summary>Those of this process.</summary>
    public static EnvironmentProxy OfProcess { get; } = new(
        HttpClient.DefaultProxy, new ProxyExceptions(Environment.GetEnvironmentVariable("NO_PROXY") is { Length: > 0 } list ? list : Environment.GetEnvironmentVariable("no_proxy")), ProxyVariables.OfProcess);

    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => named.Credentials;
        set => named.Credentials = value;
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : named.GetProxy(destination);

    /// <inheritdoc/>
    public bool IsBypassed(Uri host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return NeedsNone(host) || named.IsBypassed(host);
    }

    /// <summary>Refuses to go straight to where a proxy was to be asked, whose address cannot be read. Who sends requests asks this, since .NET takes no failure of a proxy for one.</summary>
    /// <exception cref="IpdrException">A variable is wrong (<see cref="FaultCode.BadSettings"/>).</exception>
    public void RequireFor(Uri destination)
    {
        if (!NeedsNone(destination) && variables.FindFault(destination.Scheme) is { } fault)
            throw new IpdrException(fault);
    }

    private bool NeedsNone(Uri host) => host.IsLoopback || host.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) || exceptions.Covers(host);
}
