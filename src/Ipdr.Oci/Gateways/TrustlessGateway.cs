using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using Ipdr.Oci.Car;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Gateways;

/// <summary>A trustless gateway (IPFS specifications, "Trustless Gateway"): blocks and CARs by HTTP, each block held against its name. Safe for several threads.</summary>
public sealed class TrustlessGateway : ICheckedBlockSource, IFileSource, IDisposable
{
    private const string RawType = "application/vnd.ipld.raw";
    private const string CarType = "application/vnd.ipld.car";
    private const string InOrder = $"{CarType}; version=1; order=dfs; dups=n";

    // "bafkqaaa" has no bytes, so every gateway has it.
    private const string ProbeCid = "bafkqaaa";

    private readonly HttpPeer _peer;

    /// <summary>Nothing is sent yet.</summary>
    /// <param name="address">Its base, as of <see cref="GatewayAddress.Parse"/>; content is below <c>ipfs/</c> there.</param>
    /// <param name="options">How it is talked to; the defaults if null.</param>
    public TrustlessGateway(Uri address, SourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        _peer = new HttpPeer(address, options ?? new SourceOptions());
    }

    /// <summary>Its address as it stands in messages, without a name and password.</summary>
    public string Name => _peer.Name;

    /// <summary>Asks for the block that everybody has.</summary>
    /// <exception cref="SourceException">It cannot be reached, or does not speak the protocol.</exception>
    public async Task ProbeAsync(CancellationToken cancellationToken = default)
    {
        HttpResponseMessage answer = await _peer.GetAsync($"ipfs/{ProbeCid}?format=raw", RawType, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw await _peer.RefusedAsync(answer, cancellationToken).ConfigureAwait(false);
        using (answer)
        {
            RequireType(answer, RawType);
            if (!(await _peer.ReadDocumentAsync(answer, 1024, cancellationToken).ConfigureAwait(false)).IsEmpty)
                throw SourceFaults.Misbehaves(Name, $"it has bytes for {ProbeCid}, which stands for none");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="SourceException">It cannot be reached, or gives anything but the block.</exception>
    public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
    {
        HttpResponseMessage answer = await _peer.GetAsync($"ipfs/{cid}?format=raw", RawType, cancellationToken).ConfigureAwait(false);
        if (IsAbsence(answer.StatusCode))
        {
            answer.Dispose();
            return null;
        }
        if (answer.StatusCode == HttpStatusCode.GatewayTimeout)
        {
            answer.Dispose();
            throw SourceFaults.NotInTime(Name, cid);
        }
        if (answer.StatusCode != HttpStatusCode.OK)
            throw await _peer.RefusedAsync(answer, cancellationToken).ConfigureAwait(false);
        using (answer)
        {
            RequireType(answer, RawType);
            return await BlockBody.ReadAsync(_peer, answer, cid, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks for a DAG as a CAR, and gives its blocks as they come, in the gateway's order.</summary>
    /// <remarks>
    /// That the CAR has ended does not mean that all was in it: whoever reads the DAG notices. A gateway may send blocks that nobody asked for,
    /// and none of its roots means anything.
    /// </remarks>
    /// <param name="path">What is asked for; the blocks that lead there come first.</param>
    /// <param name="scope">How much of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SourceException">It cannot be reached, or gives something else; with no block of that DAG at all, <see cref="SourceFailure.Unreachable"/>.</exception>
    public async IAsyncEnumerable<FetchedBlock> ReadCarAsync(ContentPath path, DagScope scope, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        string segments = string.Concat(path.Segments.Select(segment => "/" + Uri.EscapeDataString(segment)));
        string query = $"ipfs/{path.Root}{segments}?format=car&dag-scope={ScopeText(scope)}";
        HttpResponseMessage answer = await _peer.GetAsync(query, InOrder, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw await _peer.RefusedAsync(answer, cancellationToken).ConfigureAwait(false);
        CarBody body = await OpenCarAsync(answer, cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            while (await body.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } block)
                yield return block;
        }
    }

    async Task<CarBody?> IFileSource.TryReadFileAsync(Cid file, EntityBytes? bytes, CancellationToken cancellationToken)
    {
        string range = bytes is { } part ? $"&entity-bytes={part}" : "";
        HttpResponseMessage answer = await _peer.GetAsync($"ipfs/{file}?format=car&dag-scope=entity{range}", InOrder, cancellationToken).ConfigureAwait(false);
        if (IsInability(answer.StatusCode) || IsAbsence(answer.StatusCode))
        {
            answer.Dispose();
            return null;
        }
        if (answer.StatusCode != HttpStatusCode.OK)
            throw await _peer.RefusedAsync(answer, cancellationToken).ConfigureAwait(false);
        CarBody body = await OpenCarAsync(answer, cancellationToken).ConfigureAwait(false);
        if (Parameter(answer, "order") is null or "dfs" && Parameter(answer, "dups") is null or "n")
            return body;
        // It says that it cannot do what was asked for: that is no lie.
        await body.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _peer.Dispose();

    // Not there, gone, or refused for reasons of law: another place may have it.
    private static bool IsAbsence(HttpStatusCode status) =>
        status is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.UnavailableForLegalReasons or HttpStatusCode.PreconditionFailed;

    // Gateways that give blocks alone answer so to a wish for a CAR.
    private static bool IsInability(HttpStatusCode status) => status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed
        or HttpStatusCode.NotAcceptable or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.NotImplemented;

    private static string ScopeText(DagScope scope) => scope switch
    {
        DagScope.Block => "block",
        DagScope.Entity => "entity",
        DagScope.All => "all",
        _ => throw new ArgumentOutOfRangeException(nameof(scope)),
    };

    private static string? Parameter(HttpResponseMessage answer, string name) =>
        answer.Content.Headers.ContentType?.Parameters.FirstOrDefault(parameter => parameter.Name == name)?.Value?.Trim('"');

    private async Task<CarBody> OpenCarAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        PacedStream body = await _peer.OpenBodyAsync(answer, _peer.Options.Patience, cancellationToken).ConfigureAwait(false);
        try
        {
            RequireType(answer, CarType);
            return new CarBody(Name, body, _peer.Options.MaxBlockBytes);
        }
        catch
        {
            await body.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void RequireType(HttpResponseMessage answer, string type)
    {
        string? actual = answer.Content.Headers.ContentType?.ToString();
        if (!string.Equals(answer.Content.Headers.ContentType?.MediaType, type, StringComparison.OrdinalIgnoreCase))
            throw SourceFaults.Misbehaves(Name, "it answers with something else than blocks", type, actual ?? "no type");
        if (answer.Content.Headers.ContentEncoding.Count > 0)
            throw SourceFaults.Misbehaves(Name, "its answer is encoded, and nobody asked for that", actual: string.Join(", ", answer.Content.Headers.ContentEncoding));
        if (Parameter(answer, "version") is { } version and not "1")
            throw SourceFaults.Misbehaves(Name, "its CAR is of another version than was asked for", "1", version);
    }
}
