using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Registries;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Ipdr.Server.Registry;

/// <summary>One request and what it speaks of.</summary>
internal readonly record struct RegistryCall(HttpContext Context, RegistryRoute Route)
{
    // What is listed at once without being asked for less: about a megabyte.
    private const int MaxPage = 10_000;

    private const string Json = "application/json";

    public HttpRequest Request => Context.Request;

    public HttpResponse Response => Context.Response;

    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>The repository.</summary>
    /// <exception cref="RegistryException">It is no name; NAME_INVALID.</exception>
    public RepositoryName Repository => RepositoryName.TryParse(Route.Name, null, out RepositoryName name)
        ? name
        : throw new RegistryException(RegistryErrorCode.NameInvalid, "that is no name of a repository", [Route.Name]);

    /// <summary>Whether the reference can only be a digest.</summary>
    public bool NamesDigest => Route.Reference.Contains(':', StringComparison.Ordinal);

    /// <summary>Reads a digest from the path or the query.</summary>
    /// <exception cref="RegistryException">It is none; DIGEST_INVALID.</exception>
    public static Digest ReadDigest(string text) => Digest.Read(text, out Digest digest) switch
    {
        DigestFault.None => digest,
        DigestFault.UnsupportedAlgorithm => throw new RegistryException(RegistryErrorCode.DigestInvalid, "the algorithm of the digest is not known here", [text]),
        _ => throw new RegistryException(RegistryErrorCode.DigestInvalid, "that is no digest", [text]),
    };

    /// <summary>A parameter of the query, or null.</summary>
    public string? Query(string name) => Request.Query.TryGetValue(name, out StringValues values) && values.Count > 0 && values[0] is { Length: > 0 } value ? value : null;

    /// <summary>How much of a list is wanted: <c>n</c>, and what comes after <c>last</c>.</summary>
    /// <exception cref="RegistryException">n is no number; PAGINATION_NUMBER_INVALID.</exception>
    public (int Limit, string After) ReadPage()
    {
        string after = Query("last") ?? "";
        if (Query("n") is not { } text)
            return (MaxPage, after);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long limit)
            ? ((int)Math.Min(limit, MaxPage), after)
            : throw new RegistryException(RegistryErrorCode.PaginationNumberInvalid, "n is no number from 0 on", [text]);
    }

    /// <summary>Says where a list goes on.</summary>
    public void LinkNext(string path, string query) => Response.Headers.Link = $"<{path}?{query}>; rel=\"next\"";

    /// <summary>Answers with a document.</summary>
    public Task WriteAsync<T>(T document, JsonTypeInfo<T> type, string contentType = Json) =>
        WriteAsync(JsonSerializer.SerializeToUtf8Bytes(document, type), contentType);

    /// <summary>Answers with bytes.</summary>
    public Task WriteAsync(ReadOnlyMemory<byte> content, string contentType)
    {
        Response.ContentType = contentType;
        Response.ContentLength = content.Length;
        return HttpMethods.IsHead(Request.Method) ? Task.CompletedTask : Response.BodyWriter.WriteAsync(content, Aborted).AsTask();
    }

    /// <summary>Answers without a body.</summary>
    public Task Write(int status)
    {
        Response.StatusCode = status;
        // An empty 204 has no length at all (RFC 9110, section 8.6).
        if (status != StatusCodes.Status204NoContent)
            Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
