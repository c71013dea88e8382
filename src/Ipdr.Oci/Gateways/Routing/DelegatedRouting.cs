using System.Net;
using System.Text.Json;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways.Routing;

/// <summary>Asks who has content, and can give it by HTTP (Delegated Routing V1 HTTP API). Safe for several threads.</summary>
public sealed class DelegatedRouting : IDisposable
{
    private const string GatewayProtocol = "transport-ipfs-gateway-http";

    // A hundred records, as a server may send, with many addresses each.
    private const int MaxAnswerBytes = 4 << 20;
    private const int MaxProviders = 100;

    private readonly HttpPeer _peer;

    /// <param name="address">The server's base, as of <see cref="GatewayAddress.Parse"/>.</param>
    /// <param name="options">How it is talked to; the defaults if null.</param>
    public DelegatedRouting(Uri address, SourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        _peer = new HttpPeer(address, options ?? new SourceOptions());
    }

    /// <summary>Its address as it stands in messages.</summary>
    public string Name => _peer.Name;

    /// <summary>Trustless gateways that say they have the content, in the server's order; none if nobody says so.</summary>
    /// <exception cref="SourceException">The server cannot be reached, or answers with something else.</exception>
    public async Task<IReadOnlyList<Uri>> FindGatewaysAsync(Cid cid, CancellationToken cancellationToken = default)
    {
        string query = $"routing/v1/providers/{cid.ToVersion1()}?filter-protocols={GatewayProtocol}";
        HttpResponseMessage answer = await _peer.GetAsync(query, "application/json", cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            answer.Dispose();
            return [];
        }
        if (answer.StatusCode != HttpStatusCode.OK)
            throw await _peer.RefusedAsync(answer, cancellationToken).ConfigureAwait(false);
        using (answer)
        {
            ReadOnlyMemory<byte> document = await _peer.ReadDocumentAsync(answer, MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
            try
            {
                return Read(document.Span);
            }
            catch (JsonException e)
            {
                Fault fault = SourceFaults.Misbehaves(Name, "its list of providers is no such document", "JSON", e.Message).Fault;
                throw new SourceException(SourceFailure.Misbehaves, fault, e);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _peer.Dispose();

    private static List<Uri> Read(ReadOnlySpan<byte> document)
    {
        List<Uri> found = [];
        foreach (Provider provider in (JsonSerializer.Deserialize(document, RoutingJson.Default.ProviderList)?.Providers ?? []).Take(MaxProviders))
        {
            bool isPeer = provider.Schema is "peer" or "bitswap" && provider.Addrs is not null;
            if (!isPeer || provider.Protocols?.Contains(GatewayProtocol) != true)
                continue;
            // One address a provider: they are ways to the same place.
            Uri? address = provider.Addrs!.Select(Address).OfType<Uri>().OrderByDescending(uri => uri.Scheme == Uri.UriSchemeHttps).FirstOrDefault();
            if (address is not null && !found.Contains(address))
                found.Add(address);
        }
        return found;
    }

    private static Uri? Address(string text) => Multiaddress.TryParse(text, out Multiaddress? address) && address.SaysHttp ? address.ToUri() : null;
}
