using System.Security.Cryptography;
using System.Text;
using Ipdr.Oci.Car;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;
using Microsoft.AspNetCore.Http;

namespace Ipdr.Server.Gateway;

/// <summary>Answers with a CAR, block by block as it is read.</summary>
/// <param name="blocks">Where the blocks are.</param>
internal sealed class CarAnswer(IBlockSource blocks)
{
    private readonly DagReader _reader = new(blocks);

    public async Task SendAsync(HttpContext context, GatewayRequest wanted)
    {
        // The way there and its end are looked at before a byte is sent: afterwards nothing can be said any more.
        IReadOnlyList<Cid> trace = await _reader.TraceAsync(wanted.Path, context.RequestAborted).ConfigureAwait(false);
        (await _reader.ReadBlockAsync(trace[^1], context.RequestAborted).ConfigureAwait(false)).Dispose();
        if (wanted.Selection.Scope == CarScope.All && trace[^1].Codec is not (Multicodec.DagPb or Multicodec.Raw))
            throw new GatewayException(StatusCodes.Status501NotImplemented, $"links of {trace[^1].Codec.Name} blocks are not followed here; dag-scope=block can be had");
        string dups = wanted.Selection.Duplicates ? "y" : "n";
        string tag = $"W/\"{trace[^1]}.car.{Fingerprint(wanted, trace[0])}\"";
        GatewayHeaders.Describe(context, wanted, trace, tag);
        HttpResponse response = context.Response;
        if (GatewayHeaders.IsAtHand(context, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.Headers.AcceptRanges = "none";
        response.ContentType = $"{GatewayRequest.CarType}; version=1; order=dfs; dups={dups}";
        if (!HttpMethods.IsHead(context.Request.Method))
            await CarExport.WriteAsync(blocks, wanted.Path, trace[^1], wanted.Selection, response.BodyWriter, context.RequestAborted).ConfigureAwait(false);
    }

    // Everything that makes one CAR differ from another of the same root.
    private static string Fingerprint(GatewayRequest wanted, Cid root)
    {
        const int Digits = 16;
        string text = $"{root}/{string.Join('/', wanted.Path.Segments)}?{wanted.Selection.Scope}&{wanted.Selection.Bytes}&{wanted.Selection.Duplicates}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Digits];
    }
}
