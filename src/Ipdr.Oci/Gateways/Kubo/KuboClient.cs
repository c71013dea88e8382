using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Gateways.Kubo;

/// <summary>The RPC API of an IPFS daemon (Kubo, and what speaks like it). Nothing that it says of content is believed. Safe for several threads.</summary>
public sealed class KuboClient : ICheckedBlockSource, IDisposable
{
    private const int MaxAnswerBytes = 1 << 20;

    // Programs of the daemon's own family are turned away when their version differs.
    private const string Api = "api/v0/";

    private readonly HttpPeer _peer;

    /// <summary>Nothing is sent yet.</summary>
    /// <param name="address">Where the daemon is.</param>
    /// <param name="bearer">A token to show; null for none. A name and password stand in the address.</param>
    /// <param name="options">How it is talked to; the defaults if null.</param>
    public KuboClient(KuboAddress address, string? bearer = null, SourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        _peer = new HttpPeer(address.Uri, options ?? new SourceOptions(), bearer, address.Socket);
    }

    /// <summary>Its address as it stands in messages.</summary>
    public string Name => _peer.Name;

    /// <summary>Asks the daemon for its version.</summary>
    /// <exception cref="SourceException">There is no daemon, or it refuses.</exception>
    public async Task<KuboVersion> GetVersionAsync(CancellationToken cancellationToken = default) =>
        await CallAsync("version", _peer.Options.Patience, KuboJson.Default.KuboVersion, cancellationToken).ConfigureAwait(false);

    /// <summary>The daemon's addresses, as others can reach it.</summary>
    /// <exception cref="SourceException">It does not answer.</exception>
    public async Task<IReadOnlyList<string>> GetAddressesAsync(CancellationToken cancellationToken = default) =>
        (await CallAsync("id", _peer.Options.Patience, KuboJson.Default.KuboIdentity, cancellationToken).ConfigureAwait(false)).Addresses ?? [];

    /// <inheritdoc/>
    /// <exception cref="SourceException">The daemon fails, or gives another block.</exception>
    public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
    {
        // It searches the network; a little sooner than this side would give up, so that it can say so.
        string timeout = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (int)(_peer.Options.Patience.TotalSeconds * 0.8))}s");
        HttpResponseMessage answer = await PostAsync($"block/get?arg={cid}&timeout={timeout}", _peer.Options.Patience, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            using (answer)
                return await BlockBody.ReadAsync(_peer, answer, cid, cancellationToken).ConfigureAwait(false);
        }
        SourceException refusal = await _peer.RefusedAsync(answer, cancellationToken).ConfigureAwait(false);
        return IsAbsence(refusal.Message) ? null : throw refusal;
    }

    /// <summary>Whether the whole DAG is pinned.</summary>
    /// <exception cref="SourceException">The daemon fails.</exception>
    public async Task<bool> IsPinnedAsync(Cid root, CancellationToken cancellationToken = default)
    {
        HttpResponseMessage answer = await PostAsync($"pin/ls?arg={root}&type=recursive", _peer.Options.Patience, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            using (answer)
                return (await ReadAsync(answer, KuboJson.Default.KuboPins, cancellationToken).ConfigureAwait(false)).Keys?.Keys.Any(key => IsSame(root, key)) == true;
        }
        SourceException refusal = await _peer.RefusedAsync(answer, cancellationToken).ConfigureAwait(false);
        return refusal.Message.Contains("not pinned", StringComparison.Ordinal) ? false : throw refusal;
    }

    /// <summary>Whether the daemon has every block of a DAG, without asking others for them.</summary>
    /// <exception cref="SourceException">The daemon cannot be reached.</exception>
    public async Task<bool> HoldsAllAsync(Cid root, CancellationToken cancellationToken = default)
    {
        HttpResponseMessage answer = await PostAsync($"refs?arg={root}&recursive=true&unique=true&offline=true", _peer.Options.Patience, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            answer.Dispose();
            return false;
        }
        PacedStream body = await _peer.OpenBodyAsync(answer, _peer.Options.Patience, cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            try
            {
                await foreach (KuboReference? reference in JsonSerializer.DeserializeAsyncEnumerable(body, KuboJson.Default.KuboReference, topLevelValues: true, cancellationToken).ConfigureAwait(false))
                {
                    if (!string.IsNullOrEmpty(reference?.Err))
                        return false;
                }
                return true;
            }
            catch (Exception e) when (e is JsonException or SourceException)
            {
                // What it does not say clearly it does not have.
                return false;
            }
        }
    }

    /// <summary>Sends a DAG as a CAR, which the daemon pins.</summary>
    /// <param name="root">The DAG.</param>
    /// <param name="blocks">Its blocks, but for those that the daemon has.</param>
    /// <param name="cancellationToken">Stops the sending.</param>
    /// <returns>False if the daemon cannot take CARs; then none of the blocks was read.</returns>
    /// <exception cref="SourceException">The daemon refuses, fails, or pins something else.</exception>
    public async Task<bool> ImportAsync(Cid root, IAsyncEnumerable<DagPiece> blocks, CancellationToken cancellationToken = default)
    {
        HttpResponseMessage answer = await UploadCall.SendCarAsync(_peer, $"{Api}dag/import?pin-roots=true&stats=true", root, blocks, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            answer.Dispose();
            return false;
        }
        if (answer.StatusCode != HttpStatusCode.OK)
            throw await _peer.RefusedAsync(answer, cancellationToken).ConfigureAwait(false);
        using (answer)
            await CheckImportAsync(root, answer, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Sends one block, for daemons that cannot take CARs.</summary>
    /// <exception cref="SourceException">The daemon refuses, or gives it another name.</exception>
    public async Task PutBlockAsync(Cid cid, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        string format = cid.Version == 0 ? "v0" : cid.Codec == Multicodec.DagPb ? "protobuf" : cid.Codec.Name;
        using HttpRequestMessage request = new(HttpMethod.Post, _peer.Resolve($"{Api}block/put?format={format}&mhtype={cid.Hash.Code.Name}&mhlen={cid.Hash.Digest.Length}"));
        request.Content = new MultipartFormDataContent { { new ReadOnlyMemoryContent(bytes), "file", "block" } };
        HttpResponseMessage answer = await _peer.SendAsync(request, _peer.Options.Patience, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw await _peer.RefusedAsync(answer, cancellationToken).ConfigureAwait(false);
        using (answer)
            RequireSame(cid, (await ReadAsync(answer, KuboJson.Default.KuboBlock, cancellationToken).ConfigureAwait(false)).Key);
    }

    /// <summary>Pins a DAG, all of which the daemon has or finds.</summary>
    /// <exception cref="SourceException">The daemon fails.</exception>
    public async Task PinAsync(Cid root, CancellationToken cancellationToken = default)
    {
        // It answers when it has gone through all of it.
        KuboPinned pinned = await CallAsync($"pin/add?arg={root}&recursive=true", UploadCall.Afterwards, KuboJson.Default.KuboPinned, cancellationToken).ConfigureAwait(false);
        RequireSame(root, pinned.Pins is [string pin] ? pin : null);
    }

    /// <inheritdoc/>
    public void Dispose() => _peer.Dispose();

    private static bool IsAbsence(string message) =>
        message.Contains("not found", StringComparison.OrdinalIgnoreCase) || message.Contains("deadline exceeded", StringComparison.Ordinal) || message.Contains("could not find", StringComparison.Ordinal)
        || message.Contains("request timed out", StringComparison.Ordinal) || message.Contains("offline", StringComparison.Ordinal);

    // It is always POST, also for reading.
    private Task<HttpResponseMessage> PostAsync(string call, TimeSpan patience, CancellationToken cancellationToken)
    {
        HttpRequestMessage request = new(HttpMethod.Post, _peer.Resolve(Api + call));
        return _peer.SendAsync(request, patience, cancellationToken);
    }

    private async Task<T> CallAsync<T>(string call, TimeSpan patience, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer = await PostAsync(call, patience, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw await _peer.RefusedAsync(answer, cancellationToken).ConfigureAwait(false);
        using (answer)
            return await ReadAsync(answer, type, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> document = await _peer.ReadDocumentAsync(answer, MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
        return Parse(document.Span, type);
    }

    private T Parse<T>(ReadOnlySpan<byte> document, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(document, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw SourceFaults.Misbehaves(Name, "its answer is not what a daemon says", "JSON", e.Message);
        }
    }

    private async Task CheckImportAsync(Cid root, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> lines = await _peer.ReadDocumentAsync(answer, MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
        string? pinned = null;
        foreach (Range line in lines.Span.Split((byte)'\n'))
        {
            if (lines.Span[line].Trim(" \r"u8).IsEmpty)
                continue;
            KuboImport import = Parse(lines.Span[line], KuboJson.Default.KuboImport);
            if (import.Root is null)
                continue;
            if (!string.IsNullOrEmpty(import.Root.PinErrorMsg))
                throw SourceFaults.Incomplete(Name, root, import.Root.PinErrorMsg);
            pinned = import.Root.Cid?.Link;
        }
        RequireSame(root, pinned);
    }

    private static bool IsSame(Cid expected, string? actual) => Cid.TryParse(actual, null, out Cid cid) && cid.ToVersion1() == expected.ToVersion1();

    private void RequireSame(Cid expected, string? actual)
    {
        if (!IsSame(expected, actual))
            throw SourceFaults.OtherCid(Name, expected, actual);
    }
}
