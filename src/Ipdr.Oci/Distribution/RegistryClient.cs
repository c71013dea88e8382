using System.Net;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Distribution;

/// <summary>One repository of a registry (distribution-spec). Safe for several threads.</summary>
public sealed partial class RegistryClient : IDisposable
{
    private static readonly string[] ManifestTypes =
    [
        MediaType.OciIndex.ToString(), MediaType.OciManifest.ToString(), MediaType.DockerManifestList.ToString(), MediaType.DockerManifest.ToString(), "*/*;q=0.1",
    ];

    private readonly RegistryTransport _transport;
    private readonly string _root;

    /// <summary>Makes ready to talk to the registry of an image; nothing is sent yet.</summary>
    /// <param name="image">The image; its tag and digest are not looked at.</param>
    /// <param name="options">How it is talked to; null for the defaults.</param>
    public RegistryClient(ImageReference image, RegistryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image = image;
        Options = options ?? new RegistryOptions();
        _transport = new RegistryTransport(image, Options);
        _root = $"v2/{image.Repository}/";
    }

    /// <summary>The image that this was made for.</summary>
    public ImageReference Image { get; }

    internal RegistryOptions Options { get; }

    internal RegistryTransport Transport => _transport;

    internal IReadOnlyList<string> PullScope => [$"repository:{Image.Repository}:pull"];

    internal IReadOnlyList<string> PushScope => [$"repository:{Image.Repository}:pull,push"];

    /// <summary>Fetches a manifest or index.</summary>
    /// <param name="reference">A tag, or a digest: then the content is held against it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DigestMismatchException">The content is another one.</exception>
    /// <exception cref="IpdrException">There is none (<see cref="FaultCode.NotFound"/>), access is refused, or the answer is no manifest.</exception>
    public async Task<RegistryManifest> GetManifestAsync(string reference, CancellationToken cancellationToken = default)
    {
        return await TryGetManifestAsync(reference, cancellationToken).ConfigureAwait(false)
            ?? throw new IpdrException(new Fault(FaultCode.NotFound, "the registry has no such image", $"{Image.Name}{(Digest.TryParse(reference, null, out _) ? "@" : ":")}{reference}", "Check the name and the tag."));
    }

    /// <summary>Fetches a manifest or index, if there is one.</summary>
    /// <inheritdoc cref="GetManifestAsync"/>
    /// <returns>Null if there is none.</returns>
    public async Task<RegistryManifest?> TryGetManifestAsync(string reference, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(reference);
        RegistryRequest request = new(HttpMethod.Get, Below($"manifests/{reference}"), PullScope) { Accept = ManifestTypes };
        return await _transport.ReadAsync(request, ReadManifestAsync, cancellationToken).ConfigureAwait(false);

        async Task<RegistryManifest?> ReadManifestAsync(HttpResponseMessage answer, CancellationToken token)
        {
            if (answer.StatusCode == HttpStatusCode.NotFound)
                return null;
            await _transport.RequireAsync(answer, token).ConfigureAwait(false);
            return ManifestOf(answer, await ReadDocumentAsync(answer, token).ConfigureAwait(false), reference);
        }
    }

    /// <summary>Does the repository have the blob, as far as the registry tells? One that cannot be asked may have it all the same.</summary>
    /// <exception cref="IpdrException">The registry does not answer, or refuses access.</exception>
    public async Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(blob);
        using HttpResponseMessage answer = await _transport.SendAsync(new RegistryRequest(HttpMethod.Head, Below($"blobs/{blob.Digest}"), PushScope), cancellationToken).ConfigureAwait(false);
        // Static hosts and proxies may not know HEAD.
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
            return false;
        await _transport.RequireAsync(answer, cancellationToken).ConfigureAwait(false);
        return answer.Content.Headers.ContentLength is null or 0 || answer.Content.Headers.ContentLength == blob.Size;
    }

    /// <summary>Opens a blob. The bytes are not checked; where the line breaks it goes on from there. The caller disposes of the stream.</summary>
    /// <exception cref="IpdrException">The registry does not have it (<see cref="FaultCode.MissingBlob"/>), or does not answer.</exception>
    public async Task<Stream> OpenUnverifiedAsync(Descriptor blob, long offset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(blob);
        RegistryBlobStream stream = new(this, blob, offset);
        // At the very end there is nothing to ask for: registries answer 416.
        if (offset < blob.Size || blob.Size == 0)
            await stream.OpenAsync(cancellationToken).ConfigureAwait(false);
        else
            return Stream.Null;
        return stream;
    }

    /// <summary>Puts a manifest or index, whose blobs are there.</summary>
    /// <param name="manifest">Names it.</param>
    /// <param name="content">The document.</param>
    /// <param name="tag">The tag that it gets; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The subject that the registry will list it under; null where it has none, or the registry does not do that (distribution-spec, "Pushing Manifests with Subject").</returns>
    /// <exception cref="IpdrException">The registry refuses.</exception>
    public async Task<Digest?> PutManifestAsync(Descriptor manifest, ReadOnlyMemory<byte> content, string? tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        RegistryRequest request = new(HttpMethod.Put, Below($"manifests/{tag ?? manifest.Digest.ToString()}"), PushScope)
        {
            Content = () => new ReadOnlyMemoryContent(content) { Headers = { ContentType = new(manifest.MediaType.ToString()) } },
        };
        using HttpResponseMessage answer = await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await _transport.RequireAsync(answer, cancellationToken).ConfigureAwait(false);
        if (DigestOf(answer) is { } said && said.Algorithm == manifest.Digest.Algorithm && said != manifest.Digest)
            throw RegistryFaults.BadAnswer(answer.RequestMessage!.RequestUri!, "the registry has stored another manifest than it was sent", manifest.Digest.ToString(), said.ToString());
        return DigestOf(answer, "OCI-Subject");
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    internal Uri Below(string path) => new(_root + path, UriKind.Relative);

    internal string PlaceOf(Descriptor blob) => $"{Image.Name}@{blob.Digest}";

    internal Task PauseAsync(int attempt, CancellationToken cancellationToken) => _transport.PauseAsync(BackOff.Next(attempt, null, Options)!.Value, cancellationToken);

    /// <summary>One answer with the rest of a blob.</summary>
    internal async Task<Stream> GetBlobAsync(Descriptor blob, long offset, CancellationToken cancellationToken) =>
        await TryGetBlobAsync(blob, offset, offset, cancellationToken).ConfigureAwait(false)
        ?? (await TryGetBlobAsync(blob, 0, offset, cancellationToken).ConfigureAwait(false))!;

    // Null if the registry has no answer to a range that it should have: then all of the blob is to be asked for.
    private async Task<Stream?> TryGetBlobAsync(Descriptor blob, long asked, long wanted, CancellationToken cancellationToken)
    {
        RegistryRequest request = new(HttpMethod.Get, Below($"blobs/{blob.Digest}"), PullScope) { Offset = asked };
        HttpResponseMessage answer = await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            if (answer.StatusCode == HttpStatusCode.NotFound)
                throw new IpdrException(new Fault(FaultCode.MissingBlob, "the registry does not have a blob of the image", PlaceOf(blob), "The image is broken there; push it again, or take it from elsewhere."));
            bool isPart = answer.StatusCode == HttpStatusCode.PartialContent;
            long begins = isPart ? answer.Content.Headers.ContentRange?.From ?? asked : 0;
            if (asked > 0 && (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable || begins > asked))
            {
                answer.Dispose();
                return null;
            }
            await _transport.RequireAsync(answer, cancellationToken).ConfigureAwait(false);
            if (begins > wanted)
                throw RegistryFaults.BadAnswer(answer.RequestMessage!.RequestUri!, "the registry sends another part of the blob than was asked for", $"byte {asked}", $"byte {begins}");
            if (answer.Content.Headers.ContentLength is { } length && length != blob.Size - begins)
                throw WrongSize(answer, blob, begins, length);
            Uri from = answer.RequestMessage!.RequestUri!;
            PacedStream body = new(
                answer, await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), Options.Patience, Options.Clock,
                e => RegistryFaults.Stalled(from, Options.Patience, e), e => RegistryFaults.Unreachable(from, e));
            if (begins != wanted)
                await SkipAsync(body, wanted - begins, cancellationToken).ConfigureAwait(false);
            return body;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    // A page is somebody else's answer; for anything else the descriptor or the registry is wrong.
    private IpdrException WrongSize(HttpResponseMessage answer, Descriptor blob, long begins, long length)
    {
        const string What = "the blob has another size than its descriptor says";
        string? type = answer.Content.Headers.ContentType?.MediaType;
        return type is not null && type.StartsWith("text/", StringComparison.Ordinal)
            ? RegistryFaults.BadAnswer(answer.RequestMessage!.RequestUri!, What, $"{blob.Size - begins} bytes", $"{length} bytes of {type}")
            : new IpdrException(new Fault(FaultCode.SizeMismatch, What, PlaceOf(blob), "The image is broken there; push it again, or take it from elsewhere.") { Expected = $"{blob.Size} bytes", Actual = $"{begins + length} bytes" });
    }

    // A server that knows no ranges sends all of it again.
    private static async Task SkipAsync(Stream body, long count, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[(int)Math.Min(count, 64 << 10)];
        for (int read; count > 0; count -= read)
        {
            read = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return;
        }
    }

    /// <summary>The body of an answer that is a manifest, an index or a list of them.</summary>
    /// <exception cref="IpdrException">It is too large (<see cref="FaultCode.Limit"/>), or the line broke.</exception>
    internal async Task<ReadOnlyMemory<byte>> ReadDocumentAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> content = await SmallBody.ReadAsync(answer, Document.MaxBytes, Options.Patience, cancellationToken).ConfigureAwait(false);
        return content.Length <= Document.MaxBytes ? content
            : throw new IpdrException(new Fault(FaultCode.Limit, $"the manifest is larger than the {Document.MaxBytes} bytes that are read", RegistryFaults.Shown(answer.RequestMessage!.RequestUri!), "No tool writes such a manifest; do not use this image."));
    }

    private static RegistryManifest ManifestOf(HttpResponseMessage answer, ReadOnlyMemory<byte> content, string reference)
    {
        Uri uri = answer.RequestMessage!.RequestUri!;
        Digest? promised = Digest.TryParse(reference, null, out Digest asked) ? asked : DigestOf(answer);
        Digest actual = Digest.OfContent(promised?.Algorithm ?? DigestAlgorithm.Sha256, content.Span);
        if (promised is { } digest && digest != actual)
            throw new DigestMismatchException(digest, actual, RegistryFaults.Shown(uri));
        MediaType? said = MediaType.TryParse(answer.Content.Headers.ContentType?.MediaType, null, out MediaType type) ? type : null;
        if (said is { IsSchema1: true })
            throw new IpdrException(new Fault(FaultCode.UnsupportedMediaType, "a schema 1 manifest cannot be copied", RegistryFaults.Shown(uri), "Have the image pushed again with a current engine."));
        try
        {
            // Plain files served by a web server have no type of their own.
            MediaType? declared = said is { IsIndex: true } or { IsManifest: true } ? said : null;
            return new RegistryManifest(actual, ManifestSummary.Read(content, declared, RegistryFaults.Shown(uri)).MediaType, content);
        }
        catch (IpdrException e) when (said is not ({ IsIndex: true } or { IsManifest: true }))
        {
            throw new IpdrException(RegistryFaults.BadAnswer(uri, "what the registry answers is no manifest", actual: said?.ToString() ?? "no type").Faults, e);
        }
    }

    private static Digest? DigestOf(HttpResponseMessage answer, string header = "Docker-Content-Digest") =>
        answer.Headers.TryGetValues(header, out IEnumerable<string>? values) && Digest.TryParse(values.First(), null, out Digest digest) ? digest : null;
}
