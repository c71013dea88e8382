using System.Buffers;
using System.Globalization;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;
using Ipdr.Server.Registry;
using Microsoft.AspNetCore.Http;

namespace Ipdr.Server.Gateway;

/// <summary>Answers with one block.</summary>
/// <param name="blocks">Where it is.</param>
internal sealed class BlockAnswer(IBlockSource blocks)
{
    private readonly DagReader _reader = new(blocks);

    public async Task SendAsync(HttpContext context, GatewayRequest wanted)
    {
        IReadOnlyList<Cid> trace = await _reader.TraceAsync(wanted.Path, context.RequestAborted).ConfigureAwait(false);
        Cid cid = trace[^1];
        using IMemoryOwner<byte> block = await _reader.ReadBlockAsync(cid, context.RequestAborted).ConfigureAwait(false);
        string tag = $"\"{cid}.raw\"";
        GatewayHeaders.Describe(context, wanted, trace, tag);
        HttpResponse response = context.Response;
        if (GatewayHeaders.IsAtHand(context, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.Headers.AcceptRanges = "bytes";
        ReadOnlyMemory<byte> content = block.Memory;
        if (!ByteRange.TryRead(context.Request, tag, content.Length, out ByteRange? range))
        {
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{content.Length}");
            throw new GatewayException(StatusCodes.Status416RangeNotSatisfiable, "the block has no such bytes");
        }
        if (range is { } part)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {part.Start}-{part.Start + part.Length - 1}/{content.Length}");
            content = content.Slice((int)part.Start, (int)part.Length);
        }
        response.ContentType = GatewayRequest.RawType;
        response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.BodyWriter.WriteAsync(content, context.RequestAborted).ConfigureAwait(false);
    }
}
