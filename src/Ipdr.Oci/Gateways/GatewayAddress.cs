using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Gateways;

/// <summary>Addresses of gateways and daemons as people write them.</summary>
public static class GatewayAddress
{
    /// <summary>Reads an address: a URL, <c>host:port</c>, or a multiaddr. What stands for "the content goes here" (<c>/ipfs/</c> at the end) is left out.</summary>
    /// <exception cref="IpdrException"><see cref="FaultCode.BadAddress"/>: it is no address of a web server.</exception>
    public static Uri Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith('/'))
        {
            return Multiaddress.TryParse(text, out Multiaddress? multiaddress) && multiaddress.ToUri() is { } found
                ? found
                : throw SourceFaults.BadAddress(text, "it is no multiaddr that HTTP can be spoken to", "Write it as /ip4/127.0.0.1/tcp/8080, or as a URL.");
        }
        // Something like localhost:8080 is a scheme and a path to the URL parser.
        string url = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.Host.Length == 0)
            throw SourceFaults.BadAddress(text, "it is no address of a web server", "Write it as https://HOST or http://HOST:PORT.");
        string path = uri.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/ipfs", StringComparison.Ordinal))
            path = path[..^"/ipfs".Length];
        return new UriBuilder(uri) { Path = path, Query = "", Fragment = "" }.Uri;
    }
}
