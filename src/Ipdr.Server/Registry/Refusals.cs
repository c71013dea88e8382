using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Microsoft.AspNetCore.Http;

namespace Ipdr.Server.Registry;

/// <summary>The one place that turns what went wrong into an answer.</summary>
internal static class Refusals
{
    private static readonly string[] Begun = ["ETag", "Accept-Ranges", RegistryHeaders.ContentDigest];

    /// <summary>Says what happened in the words of the distribution spec; null for what nobody foresaw.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="reads">Whether the client only wanted to read: then it is not its content that is wrong.</param>
    public static RegistryException? Explain(Exception exception, bool reads) => exception switch
    {
        RegistryException refusal => refusal,
        IpdrException { Fault.Code: FaultCode.MissingBlock } absent => Of(RegistryErrorCode.ManifestUnknown, absent),
        IpdrException { Fault.Code: FaultCode.SourcesFailed } failed => Of(RegistryErrorCode.Unavailable, failed, StatusCodes.Status504GatewayTimeout),
        IpdrException { Fault.Code: FaultCode.NotFound } unknown when reads => Of(RegistryErrorCode.ManifestUnknown, unknown),
        IpdrException { Fault.Code: FaultCode.NamesUnreachable } => new RegistryException(RegistryErrorCode.Unavailable, "where names become CIDs cannot be asked", null, exception),
        IpdrException damaged when reads && damaged.Fault.Code is not (FaultCode.BadDigest or FaultCode.UnsupportedAlgorithm or FaultCode.NotFound or FaultCode.InUse) =>
            new RegistryException(RegistryErrorCode.Unknown, "the content is damaged, or cannot be read", null, exception),
        DigestMismatchException mismatch => Of(RegistryErrorCode.DigestInvalid, mismatch),
        IpdrException { Fault.Code: FaultCode.MissingBlob } missing =>
            new RegistryException(RegistryErrorCode.ManifestBlobUnknown, "blobs of the manifest are not in the repository", [.. missing.Faults.Select(fault => fault.What)], missing),
        IpdrException { Fault.Code: FaultCode.NotFound } gone => Of(RegistryErrorCode.BlobUploadUnknown, gone),
        IpdrException { Fault.Code: FaultCode.InUse } busy => Of(RegistryErrorCode.BlobUploadInvalid, busy, StatusCodes.Status409Conflict),
        IpdrException { Fault.Code: FaultCode.DiskFull } full => Of(RegistryErrorCode.Unavailable, full, StatusCodes.Status507InsufficientStorage),
        IpdrException { Fault.Code: FaultCode.Io or FaultCode.StoreDamaged } broken => Of(RegistryErrorCode.Unknown, broken),
        IpdrException { Fault.Code: FaultCode.BadDigest or FaultCode.UnsupportedAlgorithm } digest => Of(RegistryErrorCode.DigestInvalid, digest),
        IpdrException document => Of(RegistryErrorCode.ManifestInvalid, document),
        // Kestrel's own: too slow, a broken chunk, a body beyond its limits.
        BadHttpRequestException bad => new RegistryException(RegistryErrorCode.Unsupported, bad.Message, null, bad) { Status = bad.StatusCode },
        _ => null,
    };

    /// <summary>Answers with a refusal, unless the answer has begun already.</summary>
    public static async Task WriteAsync(HttpContext context, RegistryException refusal)
    {
        if (context.Response.HasStarted)
        {
            // The client must not take what it has for the whole.
            context.Abort();
            return;
        }
        context.Response.StatusCode = refusal.Status;
        // Headers of the answer that was begun do not belong to this one; above all nobody may keep it.
        foreach (string name in Begun)
            context.Response.Headers.Remove(name);
        context.Response.Headers.CacheControl = "no-store";
        if (refusal.Status != StatusCodes.Status416RangeNotSatisfiable)
            context.Response.Headers.Remove("Content-Range");
        if (refusal.Challenge is { } challenge)
            context.Response.Headers.WWWAuthenticate = challenge;
        if (refusal.Allow is { } allow)
            context.Response.Headers.Allow = allow;
        if (refusal.Code == RegistryErrorCode.TooManyRequests)
            context.Response.Headers.RetryAfter = "1";
        else if (refusal.Status == StatusCodes.Status504GatewayTimeout)
            context.Response.Headers.RetryAfter = "10";
        ErrorEntry[] errors = refusal.Details.Count == 0
            ? [new ErrorEntry(refusal.Code.Text, refusal.Message, null)]
            : [.. refusal.Details.Select(detail => new ErrorEntry(refusal.Code.Text, refusal.Message, detail))];
        await new RegistryCall(context, default).WriteAsync(new ErrorDocument(errors), ServerJson.Default.ErrorDocument).ConfigureAwait(false);
    }

    // Paths of the server's own disk are nobody's business; of a document, the place inside it helps.
    private static RegistryException Of(RegistryErrorCode code, IpdrException exception, int? status = null)
    {
        RegistryException refusal = new(code, exception.Fault.What, Details(code, exception.Fault), exception);
        return status is null ? refusal : new RegistryException(code, exception.Fault.What, null, exception) { Status = status.Value };
    }

    private static IReadOnlyList<string> Details(RegistryErrorCode code, Fault fault) => code switch
    {
        RegistryErrorCode.Unknown => [],
        RegistryErrorCode.DigestInvalid when fault is { Expected: { } expected, Actual: { } actual } => [$"expected {expected}, found {actual}"],
        _ => [fault.ToString()],
    };
}
