using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways.Pinning;

/// <summary>A remote pinning service (IPFS Pinning Service API 1.0.0). Safe for several threads.</summary>
public sealed class PinningClient : IDisposable
{
    private const int MaxAnswerBytes = 1 << 20;

    // The API's own bounds.
    private const int MaxNameLength = 255;
    private const int MaxOrigins = 20;

    private readonly HttpPeer _peer;

    /// <summary>Nothing is sent yet.</summary>
    /// <param name="address">The service's base, without <c>/pins</c>.</param>
    /// <param name="token">The token to show.</param>
    /// <param name="options">How it is talked to; the defaults if null.</param>
    public PinningClient(Uri address, string token, SourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentException.ThrowIfNullOrEmpty(token);
        _peer = new HttpPeer(address, options ?? new SourceOptions(), token);
    }

    /// <summary>Its address as it stands in messages.</summary>
    public string Name => _peer.Name;

    /// <summary>Asks for content to be pinned; where that was asked for before and has not failed, nothing is asked again.</summary>
    /// <param name="root">The content.</param>
    /// <param name="name">What the pin is called; may be null. Only its first 255 characters are sent.</param>
    /// <param name="origins">Multiaddrs of who has the content, at most the first 20 of them are sent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SourceException">The service refuses, or takes something else for what was asked for.</exception>
    public async Task<PinRequest> RequestAsync(Cid root, string? name, IReadOnlyList<string> origins, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(origins);
        HttpResponseMessage list = await _peer.GetAsync($"pins?cid={root}&status=queued,pinning,pinned", "application/json", cancellationToken).ConfigureAwait(false);
        PinRequestList known = await ReadAsync(list, HttpStatusCode.OK, PinningJson.Default.PinRequestList, cancellationToken).ConfigureAwait(false);
        // Some services know no such filter, and tell of their latest pins.
        if (known.Results?.FirstOrDefault(request => IsFor(request, root)) is { } same)
            return Check(root, same);
        PinWish wish = new(root.ToString(), name is { Length: > MaxNameLength } ? name[..MaxNameLength] : name, origins.Count == 0 ? null : [.. origins.Take(MaxOrigins)]);
        using HttpRequestMessage request = new(HttpMethod.Post, _peer.Resolve("pins"));
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(wish, PinningJson.Default.PinWish)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        HttpResponseMessage answer = await _peer.SendAsync(request, _peer.Options.Patience, cancellationToken).ConfigureAwait(false);
        return Check(root, await ReadAsync(answer, HttpStatusCode.Accepted, PinningJson.Default.PinRequest, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>How far a request is.</summary>
    /// <param name="root">The content.</param>
    /// <param name="requestId">What the service calls the request.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SourceException">The service does not answer, does not know the request, or tells of another.</exception>
    public async Task<PinRequest> GetAsync(Cid root, string requestId, CancellationToken cancellationToken = default)
    {
        HttpResponseMessage answer = await _peer.GetAsync($"pins/{Uri.EscapeDataString(requestId)}", "application/json", cancellationToken).ConfigureAwait(false);
        return Check(root, await ReadAsync(answer, HttpStatusCode.OK, PinningJson.Default.PinRequest, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public void Dispose() => _peer.Dispose();

    private static bool IsFor(PinRequest? request, Cid root) => Cid.TryParse(request?.Pin?.Cid, null, out Cid cid) && cid.ToVersion1() == root.ToVersion1();

    private PinRequest Check(Cid root, PinRequest request) =>
        string.IsNullOrEmpty(request.RequestId) || string.IsNullOrEmpty(request.Status) ? throw SourceFaults.Misbehaves(Name, "its answer has no request in it")
        : IsFor(request, root) ? request
        : throw SourceFaults.OtherCid(Name, root, request.Pin?.Cid);

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, HttpStatusCode expected, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        if (answer.StatusCode != expected && answer.StatusCode != HttpStatusCode.OK)
            throw await _peer.RefusedAsync(answer, cancellationToken).ConfigureAwait(false);
        using (answer)
        {
            ReadOnlyMemory<byte> document = await _peer.ReadDocumentAsync(answer, MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
            try
            {
                return JsonSerializer.Deserialize(document.Span, type) ?? throw new JsonException("null");
            }
            catch (JsonException e)
            {
                throw SourceFaults.Misbehaves(Name, "its answer is not what a pinning service says", "JSON", e.Message);
            }
        }
    }
}
