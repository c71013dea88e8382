using System.Buffers;
using System.Text;
using Ipdr.Oci.Car;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Tests.UnixFs.Reading;
using Ipdr.Oci.UnixFs.Reading;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Ipdr.Oci.Tests.Gateways;

/// <summary>The parts of Kubo's RPC API that are used here, as Kubo answers them; and what a daemon may do wrong.</summary>
internal sealed class FakeKubo
{
    private readonly HashSet<Cid> _pins = [];

    public BlockBag Blocks { get; } = new();

    public IReadOnlyCollection<Cid> Pins => _pins;

    /// <summary>Blocks that were sent, in order.</summary>
    public List<Cid> Received { get; } = [];

    public bool KnowsCars { get; init; } = true;

    public string? Token { get; init; }

    /// <summary>How long it takes to pin what it has.</summary>
    public TimeSpan PinTime { get; init; }

    /// <summary>What the daemon says is wrong with a pin.</summary>
    public string PinError { get; init; } = "";

    public Cid? WrongRoot { get; init; }

    public async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Method != "POST")
        {
            context.Response.StatusCode = 405;
            return;
        }
        if (Token is not null && context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            context.Response.StatusCode = 403;
            await context.Response.WriteAsync("403 - Forbidden");
            return;
        }
        string arg = context.Request.Query["arg"].ToString();
        switch (context.Request.Path.ToString())
        {
            case "/api/v0/version":
                await context.Response.WriteAsync("""{"Version":"0.40.0","Commit":"","Repo":"18","System":"amd64/linux","Golang":"go1.25"}""");
                break;
            case "/api/v0/pin/ls":
                await AnswerAsync(context, _pins.Contains(Cid.Parse(arg)) ? 200 : 500, _pins.Contains(Cid.Parse(arg))
                    ? $$$$"""{"Keys":{"{{{{arg}}}}":{"Type":"recursive","Name":""}}}""" : $$"""{"Message":"path '{{arg}}' is not pinned","Code":0,"Type":"error"}""");
                break;
            case "/api/v0/refs":
                await RefsAsync(context, Cid.Parse(arg));
                break;
            case "/api/v0/dag/import" when KnowsCars:
                await ImportAsync(context);
                break;
            case "/api/v0/block/put":
                await PutAsync(context);
                break;
            case "/api/v0/block/get":
                await GetAsync(context, Cid.Parse(arg));
                break;
            case "/api/v0/pin/add":
                await Task.Delay(PinTime, context.RequestAborted);
                _pins.Add(Cid.Parse(arg));
                await context.Response.WriteAsync($$"""{"Pins":["{{arg}}"]}""");
                break;
            default:
                context.Response.StatusCode = 404;
                await context.Response.WriteAsync("404 page not found");
                break;
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(text);
    }

    private async Task RefsAsync(HttpContext context, Cid root)
    {
        StringBuilder lines = new();
        Stack<Cid> left = new([root]);
        while (left.TryPop(out Cid cid))
        {
            using IMemoryOwner<byte>? block = await Blocks.TryReadAsync(cid);
            if (block is null)
            {
                lines.Append($$"""{"Ref":"","Err":"block was not found locally (offline): ipld: could not find {{cid}}"}""").Append('\n');
                break;
            }
            lines.Append($$"""{"Ref":"{{cid}}","Err":""}""").Append('\n');
            if (cid.Codec == Multicodec.DagPb)
            {
                foreach (DagPbLink link in DagPbNode.Decode(cid, block.Memory.Span, 10_000).Links)
                    left.Push(link.Cid);
            }
        }
        await context.Response.WriteAsync(lines.ToString());
    }

    private async Task ImportAsync(HttpContext context)
    {
        MultipartReader parts = new(ServiceServer.BoundaryOf(context), context.Request.Body);
        MultipartSection part = (await parts.ReadNextSectionAsync())!;
        using CarReader reader = await CarReader.OpenAsync(CarReader.CreateInput(part.Body));
        while (await reader.ReadNextAsync() is { } block)
        {
            Received.Add(block.Cid);
            Blocks.Add(block.Cid, block.Data.ToArray());
        }
        Cid root = WrongRoot ?? reader.Header.Roots[0];
        if (PinError.Length == 0)
            _pins.Add(root);
        await context.Response.WriteAsync($$$"""
            {"Root":{"Cid":{"/":"{{{root}}}"},"PinErrorMsg":"{{{PinError}}}"}}
            {"Stats":{"BlockCount":{{{Received.Count}}},"BlockBytesCount":1}}

            """);
    }

    private async Task PutAsync(HttpContext context)
    {
        IFormFile file = (await context.Request.ReadFormAsync()).Files[0];
        using MemoryStream bytes = new();
        await file.CopyToAsync(bytes);
        Multicodec codec = context.Request.Query["format"] == "raw" ? Multicodec.Raw : Multicodec.DagPb;
        Cid cid = Cid.Create(1, codec, Multihash.OfContent(MultihashCode.Sha256, bytes.ToArray()));
        Received.Add(cid);
        Blocks.Add(cid, bytes.ToArray());
        await context.Response.WriteAsync($$"""{"Key":"{{cid}}","Size":{{bytes.Length}}}""");
    }

    private async Task GetAsync(HttpContext context, Cid cid)
    {
        using IMemoryOwner<byte>? block = await Blocks.TryReadAsync(cid);
        if (block is null)
            await AnswerAsync(context, 500, $$"""{"Message":"block was not found locally (offline): ipld: could not find {{cid}}","Code":0,"Type":"error"}""");
        else
            await context.Response.Body.WriteAsync(block.Memory);
    }
}
