using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Engines;

/// <summary>Where a container engine answers: <c>unix:///…</c>, <c>tcp://host:port</c>, <c>http(s)://…</c>, <c>npipe:////./pipe/…</c>.</summary>
/// <param name="Address">The address, as Docker's tools write it.</param>
/// <param name="Tls">Its certificates; null for none.</param>
public sealed record EngineEndpoint(Uri Address, EngineTls? Tls = null)
{
    private const int PlainPort = 2375, TlsPort = 2376;

    /// <summary>What messages call it.</summary>
    public string Text => Address.OriginalString;

    /// <summary>The socket's file or pipe; null where it is reached by TCP.</summary>
    internal string? LocalPath => Address.Scheme switch
    {
        "unix" => Uri.UnescapeDataString(Address.AbsolutePath),
        "npipe" => Address.AbsolutePath.Split('/', '\\')[^1],
        _ => null,
    };

    /// <summary>Is the other end this machine, so that it reaches what listens on 127.0.0.1 here?</summary>
    internal bool IsLocal => LocalPath is not null || Address.IsLoopback;

    /// <summary>What requests are made to.</summary>
    internal Uri BaseAddress => LocalPath is not null ? new Uri("http://engine/") : new UriBuilder(Tls is null && Address.Scheme != "https" ? "http" : "https", Address.Host, Address.IsDefaultPort || Address.Port < 0 ? Tls is null ? PlainPort : TlsPort : Address.Port).Uri;

    /// <summary>Reads an address.</summary>
    /// <exception cref="IpdrException">It is none, or of a kind that is not known here; <see cref="FaultCode.BadSettings"/>.</exception>
    public static EngineEndpoint Parse(string text, EngineTls? tls = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address))
            throw Bad(text, "it is no address", "Write it as unix:///var/run/docker.sock or tcp://host:port.");
        return address.Scheme switch
        {
            "unix" or "npipe" or "tcp" or "http" or "https" => new EngineEndpoint(address, tls),
            "ssh" => throw Bad(text, "engines are not reached by ssh here", "Forward its socket first: ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST, then use unix:///tmp/docker.sock."),
            _ => throw Bad(text, $"addresses of the kind {address.Scheme}: are not known", "Write it as unix:///var/run/docker.sock or tcp://host:port."),
        };
    }

    private static IpdrException Bad(string text, string what, string remedy) => new(new Fault(FaultCode.BadSettings, what, text, remedy));
}
