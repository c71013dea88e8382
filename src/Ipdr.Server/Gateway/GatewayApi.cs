using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;
using Microsoft.AspNetCore.Http;

namespace Ipdr.Server.Gateway;

/// <summary>Everything under <c>/ipfs/</c> and <c>/ipns/</c>: a trustless gateway, whose answers everybody can check.</summary>
internal sealed class GatewayApi
{
    private const string Methods = "GET, HEAD, OPTIONS";

    private readonly BlockAnswer _raw;
    private readonly CarAnswer _car;
    private readonly PlainAnswer _plain;

    private readonly ServedContent _content;
    private readonly bool _isPlain;

    public GatewayApi(ServedContent content, bool plain)
    {
        (_content, _isPlain) = (content, plain);
        // Who asks for blocks or CARs checks them; who asks for a file cannot.
        RecentlyCheckedBlocks checkable = new(content.AllBlocks);
        (_raw, _car, _plain) = (new BlockAnswer(checkable), new CarAnswer(checkable), new PlainAnswer(content.AllBlocks));
    }

    /// <summary>Is it a path of the gateway's?</summary>
    public static bool Owns(string path) => path.StartsWith("/ipfs/", StringComparison.Ordinal) || path.StartsWith("/ipns/", StringComparison.Ordinal);

    /// <summary>Answers a request, or throws what is to be answered instead.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlAllowHeaders = "Content-Type, Range, User-Agent, X-Requested-With, If-None-Match, Accept, Cache-Control";
        headers.AccessControlExposeHeaders = "Content-Length, Content-Range, X-Ipfs-Path, X-Ipfs-Roots, X-Stream-Output";
        if (HttpMethods.IsOptions(request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        try
        {
            if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            {
                headers.Allow = Methods;
                throw new GatewayException(StatusCodes.Status405MethodNotAllowed, "content that names itself is only read");
            }
            await AnswerAsync(context).ConfigureAwait(false);
        }
        catch (Exception e) when (!context.Response.HasStarted && Explain(e) is { } refusal)
        {
            await WriteAsync(context, refusal).ConfigureAwait(false);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path.Value!.StartsWith("/ipns/", StringComparison.Ordinal))
            throw new GatewayException(StatusCodes.Status501NotImplemented, "mutable names are not served here, only content by its CID");
        GatewayRequest wanted = GatewayRequest.Read(context.Request, _isPlain);
        if (wanted.Format == GatewayFormat.IpnsRecord)
            throw GatewayRequest.Bad("content by its CID has no IPNS record; those are under /ipns/");
        if (!wanted.Path.Root.Hash.IsVerifiable)
            throw GatewayRequest.Bad("the CID's hash cannot be checked here");
        if (context.Request.Headers.CacheControl.ToString().Contains("only-if-cached", StringComparison.OrdinalIgnoreCase))
            await RequireAtHandAsync(wanted.Path.Root, context.RequestAborted).ConfigureAwait(false);
        Task answer = wanted.Format switch
        {
            GatewayFormat.Raw => _raw.SendAsync(context, wanted),
            GatewayFormat.Car => _car.SendAsync(context, wanted),
            _ => _plain.SendAsync(context, wanted),
        };
        await answer.ConfigureAwait(false);
    }

    private async Task RequireAtHandAsync(Cid root, CancellationToken cancellationToken)
    {
        if (root.Hash.Code == MultihashCode.Identity)
            return;
        using var block = await _content.Blocks.TryReadAsync(root, cancellationToken).ConfigureAwait(false);
        if (block is null)
            throw new GatewayException(StatusCodes.Status412PreconditionFailed, "the content is not at hand");
    }

    private static GatewayException? Explain(Exception exception) => exception switch
    {
        GatewayException refusal => refusal,
        IpdrException { Fault.Code: FaultCode.MissingBlock or FaultCode.NoSuchEntry or FaultCode.NotADirectory or FaultCode.NotFound } absent =>
            new GatewayException(StatusCodes.Status404NotFound, $"{absent.Fault.What}: {absent.Fault.Where}"),
        IpdrException { Fault.Code: FaultCode.NotAFile or FaultCode.UnsupportedCodec or FaultCode.BadNode } other =>
            new GatewayException(StatusCodes.Status406NotAcceptable, $"{other.Fault.What}: {other.Fault.Where}"),
        IpdrException { Fault.Code: FaultCode.UnsupportedAlgorithm } hash => GatewayRequest.Bad(hash.Fault.What),
        IpdrException { Fault.Code: FaultCode.SourcesFailed } failed =>
            new GatewayException(StatusCodes.Status504GatewayTimeout, $"{failed.Fault.What} ({failed.Fault.Where})"),
        IpdrException { Fault.Code: FaultCode.SourceUnreachable or FaultCode.SourceMisbehaves or FaultCode.SourceStalled or FaultCode.SourceThrottles } =>
            new GatewayException(StatusCodes.Status504GatewayTimeout, "the content could not be fetched from elsewhere"),
        _ => null,
    };

    private static async Task WriteAsync(HttpContext context, GatewayException refusal)
    {
        HttpResponse response = context.Response;
        response.StatusCode = refusal.Status;
        // Headers of the answer that was begun do not belong to this one.
        foreach (string name in (string[])["ETag", "Content-Disposition", "Content-Location", "Accept-Ranges"])
            response.Headers.Remove(name);
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (refusal.Status == StatusCodes.Status504GatewayTimeout)
            response.Headers.RetryAfter = "10";
        byte[] text = System.Text.Encoding.UTF8.GetBytes(refusal.Message + "\n");
        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength = text.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.BodyWriter.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }
}
