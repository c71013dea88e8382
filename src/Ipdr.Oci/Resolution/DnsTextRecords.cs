using DnsClient;
using DnsClient.Protocol;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Resolution;

/// <summary>TXT records from the system's name servers, or from those that are named.</summary>
public sealed class DnsTextRecords : ITextRecordSource
{
    // What does not exist may exist soon; RFC 2308 has longer times, which nobody here needs.
    private static readonly TimeSpan Absence = TimeSpan.FromSeconds(30);

    private readonly LookupClient _client;

    /// <summary>Asks the system's name servers.</summary>
    public DnsTextRecords() => _client = new LookupClient(Configure(new LookupClientOptions()));

    /// <summary>Asks one name server.</summary>
    public DnsTextRecords(System.Net.IPEndPoint server) => _client = new LookupClient(Configure(new LookupClientOptions(server)));

    /// <inheritdoc/>
    public async Task<TextRecords> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            IDnsQueryResponse answer = await _client.QueryAsync(name, QueryType.TXT, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (answer.HasError && answer.Header.ResponseCode != DnsHeaderResponseCode.NotExistentDomain)
                throw Failed(name, answer.ErrorMessage, null);
            TxtRecord[] records = [.. answer.Answers.TxtRecords()];
            return new TextRecords(
                [.. records.Select(record => string.Concat(record.Text))],
                records.Length == 0 ? Absence : TimeSpan.FromSeconds(records.Min(record => record.InitialTimeToLive)));
        }
        catch (DnsResponseException e)
        {
            throw Failed(name, e.DnsError, e);
        }
    }

    // Answers are kept by who asks, as long as their TTL says.
    private static LookupClientOptions Configure(LookupClientOptions options)
    {
        options.UseCache = false;
        options.ThrowDnsErrors = false;
        options.Retries = 2;
        options.Timeout = TimeSpan.FromSeconds(5);
        return options;
    }

    private static IpdrException Failed(string name, string? why, Exception? inner) => new(
        new Fault(FaultCode.NamesUnreachable, $"its TXT records cannot be had: {why?.TrimEnd('.')}", name, "Check the network and the name server."), inner);
}
