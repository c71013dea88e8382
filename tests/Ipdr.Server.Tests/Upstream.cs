using System.Net;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ipdr.Server.Tests;

/// <summary>A gateway that a server fetches from, which can be told to fail.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly IBlockSource _blocks;
    private readonly CancellationTokenSource _ending = new();

    private Upstream(IBlockSource blocks)
    {
        _blocks = blocks;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    /// <summary>How it fails now; null if it does not.</summary>
    public UpstreamFailure? Failure { get; set; }

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");

    public static async Task<Upstream> StartAsync(IBlockSource blocks)
    {
        Upstream upstream = new(blocks);
        await upstream._application.StartAsync(TestRegistry.Cancellation);
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _application.DisposeAsync();
        _ending.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        switch (Failure)
        {
            case UpstreamFailure.Stalls:
                using (CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, context.RequestAborted))
                    await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            case UpstreamFailure.Unavailable:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case UpstreamFailure.NotInTime:
                context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
                return;
            default:
                await SendAsync(context);
                return;
        }
    }

    private async Task SendAsync(HttpContext context)
    {
        Cid cid = Cid.Parse(context.Request.Path.Value!["/ipfs/".Length..]);
        using var block = await _blocks.TryReadAsync(cid, context.RequestAborted);
        if (block is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        byte[] bytes = block.Memory.ToArray();
        if (Failure == UpstreamFailure.Lies)
            bytes[0] ^= 1;
        context.Response.ContentType = "application/vnd.ipld.raw";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
