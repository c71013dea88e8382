using System.Globalization;
using System.Net;

namespace Ipdr.Oci.Gateways;

/// <summary>Who is reached without a proxy, as <c>NO_PROXY</c> lists them for Docker's tools and everything else that is written in Go (golang.org/x/net/http/httpproxy).</summary>
/// <remarks>
/// Entries are parted by commas: <c>*</c> for all, an address, a network as <c>10.0.0.0/8</c>, or a name, which stands for those below it as well, and for those alone
/// where it begins with a dot. All but <c>*</c> and networks may have a port. .NET knows single names, and dots, only.
/// </remarks>
internal sealed class ProxyExceptions
{
    private readonly bool _all;
    private readonly List<IPNetwork> _networks = [];
    private readonly List<(IPAddress Address, int? Port)> _addresses = [];
    private readonly List<(string Suffix, bool ItselfToo, int? Port)> _names = [];

    /// <param name="list">The list; null for nobody. What cannot be read in it is left out, as those programs do.</param>
    public ProxyExceptions(string? list)
    {
        foreach (string entry in (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry == "*")
                _all = true;
            else if (entry.Split('/') is [string start, string length])
                AddNetwork(start, length);
            else
                Add(entry);
        }
    }

    /// <summary>Is it reached without a proxy?</summary>
    public bool Covers(Uri target)
    {
        if (_all)
            return true;
        if (IPAddress.TryParse(target.DnsSafeHost, out IPAddress? address))
            return _networks.Any(network => network.Contains(address)) || _addresses.Any(entry => entry.Address.Equals(address) && IsPort(entry.Port, target));
        string host = target.IdnHost.TrimEnd('.');
        return _names.Any(name => IsPort(name.Port, target)
            && (host.EndsWith(name.Suffix, StringComparison.OrdinalIgnoreCase) || (name.ItselfToo && host.AsSpan().Equals(name.Suffix.AsSpan(1), StringComparison.OrdinalIgnoreCase))));
    }

    private static bool IsPort(int? wanted, Uri target) => wanted is null || wanted == target.Port;

    // The bits behind the prefix need not be zero.
    private void AddNetwork(string start, string length)
    {
        if (!IPAddress.TryParse(start, out IPAddress? address) || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int prefix))
            return;
        byte[] bytes = address.GetAddressBytes();
        if (prefix > 8 * bytes.Length)
            return;
        for (int bit = prefix; bit < 8 * bytes.Length; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        _networks.Add(new IPNetwork(new IPAddress(bytes), prefix));
    }

    private void Add(string entry)
    {
        (string host, int? port) = (entry, null);
        // An address of IPv6 has several colons, and brackets where a port follows.
        int colon = entry[0] == '[' ? entry.IndexOf("]:", StringComparison.Ordinal) + 1 : entry.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && (entry[0] == '[' || colon == entry.LastIndexOf(':')) && int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            (host, port) = (entry[..colon], number);
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            _addresses.Add((address, port));
            return;
        }
        if (host.StartsWith("*.", StringComparison.Ordinal))
            host = host[1..];
        if (host.Length > 0)
            _names.Add(host[0] == '.' ? (host, false, port) : ("." + host, true, port));
    }
}
