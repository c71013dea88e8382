using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>A registry on the loopback interface, down to the socket, so that a test can have it do everything wrong.</summary>
internal sealed class FakeRegistry : IAsyncDisposable
{
    private readonly LoopbackListener _listener;
    private int _uploads;

    public FakeRegistry() => _listener = new LoopbackListener(ServeAsync);

    public ConcurrentDictionary<string, byte[]> Blobs { get; } = [];

    /// <summary>Type and content by tag or digest.</summary>
    public ConcurrentDictionary<string, (string Type, byte[] Content)> Manifests { get; } = [];

    public ConcurrentDictionary<string, byte[]> Uploads { get; } = [];

    /// <summary>All that was asked, in order.</summary>
    public ConcurrentQueue<FakeRequest> Requests { get; } = [];

    /// <summary>Answers instead of the registry, if it gives anything.</summary>
    public Func<FakeRequest, FakeAnswer?> Intercept { get; set; } = _ => null;

    /// <summary>Does it know ranges of blobs, and where uploads stand?</summary>
    public bool KnowsRanges { get; init; } = true;

    /// <summary>What it answers to who deletes a tag; 202 has it do so.</summary>
    public int TagDeletion { get; init; } = 202;

    /// <summary>And to who deletes a manifest, which takes its tags away.</summary>
    public int ManifestDeletion { get; init; } = 202;

    public string Authority => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_listener.Port}");

    public IEnumerable<FakeRequest> Asked(string method, string part) => Requests.Where(request => request.Method == method && request.Path.Contains(part, StringComparison.Ordinal));

    public Descriptor AddBlob(byte[] content)
    {
        Digest digest = Digest.OfContent(DigestAlgorithm.Sha256, content);
        Blobs[digest.ToString()] = content;
        return new Descriptor(MediaType.OciLayer, digest, content.Length);
    }

    public Descriptor AddManifest(string tag, byte[] content, MediaType type)
    {
        Digest digest = Digest.OfContent(DigestAlgorithm.Sha256, content);
        Manifests[tag] = Manifests[digest.ToString()] = (type.ToString(), content);
        return new Descriptor(type, digest, content.Length);
    }

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(NetworkStream stream)
    {
        while (await ReadHeadAsync(stream) is { } request)
        {
            Requests.Enqueue(request);
            FakeAnswer? wrong = Intercept(request);
            if (request["expect"] is not null && wrong is not { HangUpAfter: 0 })
                await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _listener.Stopping);
            byte[] body = await ReadBodyAsync(stream, wrong is { HangUpAfter: >= 0 } ? Math.Min(wrong.HangUpAfter, request.Length) : request.Length);
            if (wrong is { HangUpAfter: >= 0 })
            {
                Keep(request, body);
                if (wrong.Status > 0)
                    await SendAsync(stream, request, wrong);
                return;
            }
            if (!await SendAsync(stream, request, wrong ?? Answer(request, body)))
                return;
        }
    }

    private async Task<FakeRequest?> ReadHeadAsync(NetworkStream stream)
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _listener.Stopping) == 0)
                return null;
            head.Add(one[0]);
        }
        string[] lines = Encoding.ASCII.GetString([.. head]).TrimEnd().Split("\r\n");
        string[] first = lines[0].Split(' ');
        string[] target = first[1].Split('?', 2);
        return new FakeRequest(first[0], target[0], target.Length > 1 ? Uri.UnescapeDataString(target[1]) : "", lines.Skip(1)
            .Select(line => line.Split(": ", 2)).GroupBy(line => line[0].ToLowerInvariant()).ToDictionary(group => group.Key, group => string.Join(", ", group.Select(line => line[1]))));
    }

    private async Task<byte[]> ReadBodyAsync(NetworkStream stream, long length)
    {
        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body, _listener.Stopping);
        return body;
    }

    // What came of a part stays, as registries keep it.
    private void Keep(FakeRequest request, byte[] body)
    {
        if (request.Method == "PATCH" && Uploads.TryGetValue(request.Path, out byte[]? before))
            Uploads[request.Path] = [.. before, .. body];
    }

    private FakeAnswer Answer(FakeRequest request, byte[] body)
    {
        string[] parts = request.Path.Split('/');
        string last = parts[^1];
        return (request.Method, parts is [_, "v2", ..] ? parts[^2] : "") switch
        {
            ("GET", _) when request.Path == "/v2/" => new FakeAnswer(200, "{}"),
            ("GET" or "HEAD", "manifests") => Manifests.TryGetValue(last, out (string Type, byte[] Content) found) ? new FakeAnswer(200, found.Content, $"Content-Type: {found.Type}") : NotFound("MANIFEST_UNKNOWN"),
            ("DELETE", "manifests") => Delete(last),
            ("GET", "tags") when !Manifests.IsEmpty => new FakeAnswer(200, $"{{\"tags\":[{string.Join(',', Manifests.Keys.Where(key => !key.Contains(':', StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(tag => $"\"{tag}\""))}]}}"),
            ("PUT", "manifests") => Put(last, request["content-type"]!, body),
            ("GET" or "HEAD", "blobs") => Blobs.TryGetValue(last, out byte[]? blob) ? Part(request, blob) : NotFound("BLOB_UNKNOWN"),
            ("POST", _) => Start(request),
            ("PATCH", _) => Append(request, body),
            ("PUT", _) => Complete(request, body),
            ("GET", _) when KnowsRanges && Uploads.TryGetValue(request.Path, out byte[]? upload) => new FakeAnswer(204, "", $"Range: 0-{Math.Max(0, upload.Length - 1)}", $"Location: {request.Path}"),
            ("DELETE", _) => Uploads.TryRemove(request.Path, out _) ? new FakeAnswer(204) : NotFound("BLOB_UPLOAD_UNKNOWN"),
            _ => NotFound("UNSUPPORTED"),
        };
    }

    private static FakeAnswer NotFound(string code) => new(404, $$"""{"errors":[{"code":"{{code}}","message":"{{code}}"}]}""", "Content-Type: application/json");

    private FakeAnswer Put(string reference, string type, byte[] body)
    {
        Digest digest = Digest.OfContent(DigestAlgorithm.Sha256, body);
        Manifests[reference] = Manifests[digest.ToString()] = (type, body);
        return new FakeAnswer(201, "", $"Docker-Content-Digest: {digest}");
    }

    private FakeAnswer Delete(string reference)
    {
        bool isTag = !reference.Contains(':', StringComparison.Ordinal);
        if ((isTag ? TagDeletion : ManifestDeletion) is not 202 and int status)
            return new FakeAnswer(status, """{"errors":[{"code":"UNSUPPORTED","message":"not here"}]}""");
        if (!Manifests.TryRemove(reference, out (string Type, byte[] Content) removed))
            return NotFound("MANIFEST_UNKNOWN");
        foreach (string tag in isTag ? [] : Manifests.Where(entry => entry.Value.Content == removed.Content).Select(entry => entry.Key))
            Manifests.TryRemove(tag, out _);
        return new FakeAnswer(202);
    }

    private FakeAnswer Part(FakeRequest request, byte[] blob)
    {
        if (!KnowsRanges || request["range"] is not { } range)
            return new FakeAnswer(200, blob);
        int from = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        return new FakeAnswer(206, blob[from..], $"Content-Range: bytes {from}-{blob.Length - 1}/{blob.Length}");
    }

    private FakeAnswer Start(FakeRequest request)
    {
        string? mount = request.Query.Split('&').FirstOrDefault(part => part.StartsWith("mount=", StringComparison.Ordinal))?["mount=".Length..];
        if (mount is not null && Blobs.ContainsKey(mount))
            return new FakeAnswer(201);
        string path = $"{request.Path}{Interlocked.Increment(ref _uploads)}";
        Uploads[path] = [];
        return new FakeAnswer(202, "", $"Location: {path}?_state=x", "Range: 0-0");
    }

    private FakeAnswer Append(FakeRequest request, byte[] body)
    {
        if (!Uploads.TryGetValue(request.Path, out byte[]? before))
            return NotFound("BLOB_UPLOAD_UNKNOWN");
        if (request["content-range"] is { } range && range.Split('-')[0] != before.Length.ToString(CultureInfo.InvariantCulture))
            return new FakeAnswer(416);
        Uploads[request.Path] = [.. before, .. body];
        return new FakeAnswer(202, "", $"Location: http://{Authority}{request.Path}?_state=y");
    }

    private FakeAnswer Complete(FakeRequest request, byte[] body)
    {
        if (!Uploads.TryRemove(request.Path, out byte[]? before))
            return NotFound("BLOB_UPLOAD_UNKNOWN");
        string digest = request.Query.Split('&').Single(part => part.StartsWith("digest=", StringComparison.Ordinal))["digest=".Length..];
        byte[] content = [.. before, .. body];
        if (Digest.OfContent(DigestAlgorithm.Sha256, content).ToString() != digest)
            return new FakeAnswer(400, """{"errors":[{"code":"DIGEST_INVALID","message":"wrong digest"}]}""");
        Blobs[digest] = content;
        return new FakeAnswer(201);
    }

    private async Task<bool> SendAsync(NetworkStream stream, FakeRequest request, FakeAnswer answer)
    {
        bool bodiless = request.Method == "HEAD" || answer.Status == 204;
        string head = $"HTTP/1.1 {answer.Status} Status\r\n" + string.Concat(answer.Headers.Select(header => header + "\r\n"))
            + (answer.Status == 204 || answer.Headers.Contains(FakeAnswer.Chunked) ? "" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {answer.PromisedLength ?? answer.Body.Length}\r\n")) + "\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _listener.Stopping);
        if (bodiless)
            return true;
        if (answer.Trickle > TimeSpan.Zero)
        {
            foreach (byte one in answer.Body)
            {
                await stream.WriteAsync(new[] { one }, _listener.Stopping);
                await Task.Delay(answer.Trickle, _listener.Stopping);
            }
        }
        else
        {
            await stream.WriteAsync(answer.CutAfter >= 0 ? answer.Body.AsMemory(0, Math.Min(answer.CutAfter, answer.Body.Length)) : answer.Body, _listener.Stopping);
        }
        return answer.CutAfter < 0;
    }
}
