using System.Net;
using System.Net.Sockets;

namespace Ipdr.Oci.Gateways;

/// <summary>Where an answer may send its reader.</summary>
/// <remarks>A gateway that nobody trusts must not make this machine ask others for it: a neighbour, or the machine itself.</remarks>
internal static class RedirectRules
{
    /// <summary>What speaks against following; null if nothing does.</summary>
    /// <param name="from">What was asked.</param>
    /// <param name="to">Where the answer sends.</param>
    public static string? Objection(Uri from, Uri to)
    {
        if (to.Scheme != Uri.UriSchemeHttps && to.Scheme != Uri.UriSchemeHttp)
            return $"it redirects to a {to.Scheme} address";
        if (from.Scheme == Uri.UriSchemeHttps && to.Scheme != Uri.UriSchemeHttps)
            return "it redirects from https to http";
        if (to.UserInfo.Length > 0)
            return "it redirects to an address with a name and password";
        return IsInside(to) && !IsInside(from) ? "it redirects to an address inside this network" : null;
    }

    /// <summary>Whether the same party answers for both.</summary>
    public static bool IsSameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.Port == b.Port && string.Equals(a.Host, b.Host, StringComparison.OrdinalIgnoreCase);

    private static bool IsInside(Uri uri)
    {
        if (uri.IsLoopback || uri.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        if (!IPAddress.TryParse(uri.DnsSafeHost, out IPAddress? address))
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || address.Equals(IPAddress.IPv6Any);
        byte[] bytes = address.GetAddressBytes();
        return bytes is [0 or 10 or 127, ..] or [169, 254, ..] or [192, 168, ..] or [172, >= 16 and < 32, ..] or [100, >= 64 and < 128, ..];
    }
}
