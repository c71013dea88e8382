using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ipdr.Oci.Gateways;

/// <summary>The multiaddrs that lead to a web server: an address or name, a TCP port, HTTP or HTTPS; or a Unix socket.</summary>
internal sealed record Multiaddress
{
    private const int MaxTextLength = 1024;

    private Multiaddress()
    {
    }

    /// <summary>The host as it stands in a URL; null for a Unix socket.</summary>
    public string? Host { get; private init; }

    public int Port { get; private init; }

    public bool IsTls { get; private init; }

    /// <summary>Whether it says that HTTP is spoken there.</summary>
    public bool SaysHttp { get; private init; }

    /// <summary>The path of a Unix socket; null for anything else.</summary>
    public string? Socket { get; private init; }

    public static bool TryParse(string text, [NotNullWhen(true)] out Multiaddress? result)
    {
        result = null;
        if (text.Length > MaxTextLength || !text.StartsWith('/'))
            return false;
        if (text.StartsWith("/unix/", StringComparison.Ordinal))
        {
            result = text.Length > "/unix/".Length ? new Multiaddress { Socket = text["/unix".Length..] } : null;
            return result is not null;
        }
        string[] parts = text.TrimEnd('/').Split('/')[1..];
        if (parts.Length < 4 || parts[2] != "tcp" || ReadHost(parts[0], parts[1]) is not { } host
            || !int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535)
        {
            return false;
        }
        result = Rest(parts.AsSpan(4), new Multiaddress { Host = host, Port = port });
        return result is not null;
    }

    /// <summary>The URL; null for a Unix socket, which has none.</summary>
    public Uri? ToUri() => Host is null ? null : new Uri(string.Create(CultureInfo.InvariantCulture, $"{(IsTls ? "https" : "http")}://{Host}:{Port}"));

    private static string? ReadHost(string protocol, string value) => protocol switch
    {
        "ip4" when IPAddress.TryParse(value, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetwork => value,
        "ip6" when IPAddress.TryParse(value, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6 => $"[{value}]",
        "dns" or "dns4" or "dns6" or "dnsaddr" when Uri.CheckHostName(value) == UriHostNameType.Dns => value,
        _ => null,
    };

    private static Multiaddress? Rest(ReadOnlySpan<string> parts, Multiaddress address)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            switch (parts[i])
            {
                case "http":
                    address = address with { SaysHttp = true };
                    break;
                case "https":
                    address = address with { SaysHttp = true, IsTls = true };
                    break;
                case "tls":
                    address = address with { IsTls = true };
                    break;
                case "sni" when i + 1 < parts.Length:
                    // The certificate is checked against the host in any case.
                    i++;
                    break;
                case "p2p" or "ipfs" when i + 1 < parts.Length:
                    i++;
                    break;
                default:
                    return null;
            }
        }
        return address;
    }
}
