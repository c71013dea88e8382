using System.Buffers;
using System.Globalization;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Gateways;

/// <summary>Whether the variables that name proxies can be read. .NET passes over those that cannot, and goes where the proxy was to be asked.</summary>
/// <param name="read">The value of a variable; null where it is not set.</param>
internal sealed class ProxyVariables(Func<string, string?> read)
{
    private static readonly string[] Schemes = ["http", "https", "socks4", "socks4a", "socks5"];

    // RFC 3986, section 3.1.
    private static readonly SearchValues<char> SchemeLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    // CGI puts the header Proxy of its client there.
    private const string CgiMark = "GATEWAY_INTERFACE";

    /// <summary>Those of this process.</summary>
    public static ProxyVariables OfProcess { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>What is wrong with the variable that counts for addresses of this scheme, without its value, in which there may be a password; null if nothing is.</summary>
    public Fault? FindFault(string scheme)
    {
        foreach (string variable in VariablesFor(scheme))
        {
            if (read(variable) is not { } value || string.IsNullOrWhiteSpace(value))
                continue;
            return ObjectionTo(value) is not { } objection ? null
                : new Fault(FaultCode.BadSettings, $"it is not the address of a proxy: {objection}", variable, "Write it as http://[USER:PASSWORD@]HOST[:PORT], or unset it; https, socks4, socks4a and socks5 are known as well.");
        }
        return null;
    }

    // In the order in which .NET looks for them.
    private IEnumerable<string> VariablesFor(string scheme)
    {
        string own = scheme == Uri.UriSchemeHttps ? "HTTPS_PROXY" : "HTTP_PROXY";
        foreach (string variable in (string[])[own, "ALL_PROXY"])
        {
            yield return variable.ToLowerInvariant();
            if (variable != "HTTP_PROXY" || read(CgiMark) is null)
                yield return variable;
        }
    }

    private static string? ObjectionTo(string value)
    {
        if (value.Trim() != value)
            return "there is a space before or behind it";
        int mark = value.IndexOf("://", StringComparison.Ordinal);
        bool hasScheme = mark >= 0 && value.AsSpan(0, mark).IndexOfAnyExcept(SchemeLetters) < 0;
        if (hasScheme && !Schemes.Contains(value[..mark], StringComparer.OrdinalIgnoreCase))
            return "proxies of its kind are not known";
        string rest = hasScheme ? value[(mark + 3)..] : value;
        // Neither a name nor a password is encoded by everybody.
        rest = rest[(rest.LastIndexOf('@') + 1)..];
        int end = rest.AsSpan().IndexOfAny('/', '?', '#');
        if (end >= 0 && rest.AsSpan(end).StartsWith("//"))
            return "it is no address";
        return ObjectionToAuthority(end < 0 ? rest : rest[..end]);
    }

    private static string? ObjectionToAuthority(string authority)
    {
        int colon = authority.LastIndexOf(':');
        bool hasPort = colon > authority.LastIndexOf(']');
        string host = hasPort ? authority[..colon] : authority;
        if (host.Length == 0)
            return "it names no host";
        if (hasPort && !(ushort.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0))
            return "its port is no number from 1 to 65535";
        return Uri.TryCreate($"http://{host}/", UriKind.Absolute, out _) ? null : "its host can be none";
    }
}
