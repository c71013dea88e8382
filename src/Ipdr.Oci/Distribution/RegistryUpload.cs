using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.ExceptionServices;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Distribution;

/// <summary>Brings one blob to a registry (distribution-spec, "Pushing a blob in chunks"). Where the line breaks it goes on from what the registry has.</summary>
/// <param name="client">The registry.</param>
/// <param name="blob">The blob.</param>
/// <param name="open">Opens its bytes from an offset; the read that meets the end throws if they are not what was promised.</param>
internal sealed class RegistryUpload(RegistryClient client, Descriptor blob, Func<long, CancellationToken, ValueTask<Stream>> open)
{
    private readonly RegistryTransport _transport = client.Transport;
    private Uri? _location;
    private bool _sourceFailed;

    /// <summary>Asks whether the blob can be had from another repository of the same registry. If not, the upload may have begun.</summary>
    /// <returns>True if it is there now.</returns>
    /// <exception cref="IpdrException">The registry does not answer.</exception>
    public async Task<bool> TryMountAsync(string repository, CancellationToken cancellationToken)
    {
        string query = $"blobs/uploads/?mount={Uri.EscapeDataString(blob.Digest.ToString())}&from={Uri.EscapeDataString(repository)}";
        try
        {
            return await StartAsync(query, [.. client.PushScope, $"repository:{repository}:pull"], cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e) when (e.Fault.Code is FaultCode.RegistryFailed or FaultCode.Unauthorized or FaultCode.BadAnswer)
        {
            // It need not know mounting, nor allow it; whether it takes the blob at all is heard when the bytes are sent.
            return false;
        }
    }

    /// <summary>Brings all of it.</summary>
    /// <exception cref="IpdrException">The registry refuses, the connection breaks again and again, or the content is not what was promised.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long sent = 0;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                if (_location is null && await StartAsync("blobs/uploads/", client.PushScope, cancellationToken).ConfigureAwait(false))
                    return;
                if (sent < blob.Size)
                    await SendAsync(sent, isRepeated: attempt > 1, cancellationToken).ConfigureAwait(false);
                await CompleteAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (IpdrException e) when (e.Fault.Code == FaultCode.RegistryUnreachable && !_sourceFailed && attempt < client.Options.MaxAttempts)
            {
                await client.PauseAsync(attempt, cancellationToken).ConfigureAwait(false);
                // The end may have been heard, and only its answer lost.
                if (await client.HasBlobAsync(blob, cancellationToken).ConfigureAwait(false))
                    return;
                sent = await FindOutAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // True if the registry needs no bytes at all.
    private async Task<bool> StartAsync(string path, IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        RegistryRequest request = new(HttpMethod.Post, client.Below(path), scopes) { Content = () => new ByteArrayContent([]) };
        using HttpResponseMessage answer = await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await _transport.RequireAsync(answer, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.Created)
            return true;
        Follow(answer);
        return _location is not null ? false : throw RegistryFaults.BadAnswer(answer.RequestMessage!.RequestUri!, "the registry begins an upload and does not say where");
    }

    // Who refuses what is too large hangs up while it is sent, and the refusal is lost; so the second time it is asked for first.
    private async Task SendAsync(long from, bool isRepeated, CancellationToken cancellationToken)
    {
        using CancellationTokenSource watch = new();
        UploadContent? content = null;
        RegistryRequest request = new(HttpMethod.Patch, _location!, client.PushScope)
        {
            Content = () =>
            {
                content = new UploadContent(token => open(from, token), blob.Size - from, client.Options.Patience, watch);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                if (from > 0)
                    content.Headers.TryAddWithoutValidation("Content-Range", string.Create(CultureInfo.InvariantCulture, $"{from}-{blob.Size - 1}"));
                return content;
            },
            CanRepeat = false,
            AsksFirst = isRepeated,
            Patience = watch.Token,
        };
        try
        {
            using HttpResponseMessage answer = await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.RequestedRangeNotSatisfiable || (int)answer.StatusCode is 429 or >= 500)
                throw RegistryFaults.Unreachable(answer.RequestMessage!.RequestUri!, new IOException($"it answers {(int)answer.StatusCode} to a part of an upload"));
            await _transport.RequireAsync(answer, cancellationToken).ConfigureAwait(false);
            Follow(answer);
        }
        catch (IpdrException) when (content?.Failure is { } failure and not OperationCanceledException)
        {
            // Not the registry's fault, so trying again is of no use: content that is damaged stays so.
            _sourceFailed = true;
            await CancelAsync().ConfigureAwait(false);
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private async Task CompleteAsync(CancellationToken cancellationToken)
    {
        UriBuilder target = new(_location!);
        string digest = "digest=" + Uri.EscapeDataString(blob.Digest.ToString());
        target.Query = target.Query.Length > 1 ? $"{target.Query[1..]}&{digest}" : digest;
        RegistryRequest request = new(HttpMethod.Put, target.Uri, client.PushScope) { Content = () => new ByteArrayContent([]), CanRepeat = false };
        using HttpResponseMessage answer = await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.NotFound || (int)answer.StatusCode is 429 or >= 500)
            throw RegistryFaults.Unreachable(answer.RequestMessage!.RequestUri!, new IOException($"it answers {(int)answer.StatusCode} to the end of an upload"));
        await _transport.RequireAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    // How much the registry has; where it does not say, everything begins anew.
    private async Task<long> FindOutAsync(CancellationToken cancellationToken)
    {
        if (_location is null)
            return 0;
        try
        {
            using HttpResponseMessage answer = await _transport.SendAsync(new RegistryRequest(HttpMethod.Get, _location, client.PushScope), cancellationToken).ConfigureAwait(false);
            if (answer.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.Accepted && RangeEnd(answer) is { } end && end < blob.Size)
            {
                Follow(answer);
                return end;
            }
        }
        catch (IpdrException e) when (e.Fault.Code == FaultCode.RegistryUnreachable)
        {
            // Then a new upload will fail as well, or not.
        }
        _location = null;
        return 0;
    }

    private static long? RangeEnd(HttpResponseMessage answer)
    {
        if (!answer.Headers.NonValidated.TryGetValues("Range", out HeaderStringValues values))
            return null;
        string text = values.ToString().Replace("bytes=", "", StringComparison.Ordinal);
        // 0-0 is what registries say when they have nothing yet.
        return text == "0-0" ? 0 : long.TryParse(text.Split('-')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out long last) ? last + 1 : null;
    }

    private async Task CancelAsync()
    {
        try
        {
            RegistryRequest request = new(HttpMethod.Delete, _location!, client.PushScope) { CanRepeat = false };
            (await _transport.SendAsync(request, CancellationToken.None).ConfigureAwait(false)).Dispose();
        }
        catch (IpdrException)
        {
            // A registry forgets uploads that nobody continues.
        }
    }

    private void Follow(HttpResponseMessage answer)
    {
        if (answer.Headers.Location is { } location)
            _location = _transport.Resolve(answer.RequestMessage!.RequestUri!, location);
    }
}
