using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Resolution;

/// <summary>Finds the link among the TXT records of a domain.</summary>
internal static class DnsLinkRecord
{
    /// <summary>How a link to another name begins.</summary>
    public const string Names = "/ipns/";

    private const string Content = "/ipfs/";
    private const string Key = "dnslink=";

    /// <summary>The one link to content or to a name.</summary>
    /// <exception cref="IpdrException">There is none (<see cref="FaultCode.NotFound"/>), or there are several.</exception>
    public static string Pick(IReadOnlyList<string> texts, string domain)
    {
        string[] links = [.. texts.Select(text => text.Trim()).Where(text => text.StartsWith(Key, StringComparison.Ordinal)).Select(text => text[Key.Length..].Trim())
            .Where(link => link.StartsWith(Content, StringComparison.Ordinal) || link.StartsWith(Names, StringComparison.Ordinal)).Distinct()];
        return links switch
        {
            [var only] => only.TrimEnd('/'),
            [] => throw new IpdrException(new Fault(FaultCode.NotFound, "the domain has no DNSLink", $"_dnslink.{domain}", "It is a TXT record: dnslink=/ipfs/CID.")),
            _ => throw Bad(domain, string.Join(" and ", links)),
        };
    }

    /// <summary>Says that a record cannot be used.</summary>
    public static IpdrException Bad(string domain, string link) => new(new Fault(
        FaultCode.BadCid, $"the domain's DNSLink cannot be followed: {link}", $"_dnslink.{domain}", "There should be one TXT record: dnslink=/ipfs/CID."));
}
