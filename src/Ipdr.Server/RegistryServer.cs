using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Resolution;
using Ipdr.Oci.Store;
using Ipdr.Oci.UnixFs.Reading;
using Ipdr.Server.Access;
using Ipdr.Server.Gateway;
using Ipdr.Server.Operations;
using Ipdr.Server.Page;
using Ipdr.Server.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Ipdr.Server;

/// <summary>An OCI registry and a trustless IPFS gateway over HTTP, with what it takes to run them: <c>/health</c>, <c>/ready</c>, <c>/metrics</c>, a log of requests.</summary>
public sealed class RegistryServer : IAsyncDisposable
{
    private const string Health = "/health";
    private const string Ready = "/ready";

    // The standard variables of OpenTelemetry's exporters; without one of them nobody listens, and no spans are made.
    private static readonly string[] TraceEndpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    private readonly ServerOptions _options;
    private readonly ContentStore? _store;
    private readonly RegistryApi _api;
    private readonly GatewayApi _gateway;
    private readonly DigApi _dig;
    private readonly PageApi _page;
    private readonly Gatekeeper? _gatekeeper;
    private readonly X509Certificate2? _certificate;
    private readonly RequestLog? _log;
    private readonly RequestGate _gate;
    private readonly ServerTelemetry _telemetry = new();
    private readonly WebApplication _application;

    private RegistryServer(ServedContent content, ServerOptions options)
    {
        _store = content.Store;
        _options = options = _store is { IsReadOnly: true } ? options with { ReadOnly = true } : options;
        CidRegistry registry = content.OpenRegistry();
        _gatekeeper = options.Access is { } policy ? new Gatekeeper(policy, options.Clock) : null;
        _certificate = options.Tls is { } files ? LoadCertificate(files) : null;
        _api = new RegistryApi(registry, content, options);
        _gateway = new GatewayApi(content, options.Deserialized);
        _dig = new DigApi(registry, content);
        _page = new PageApi(registry, content);
        _gate = new RequestGate(options.MaxRequests);
        _application = Build();
        _log = options.AccessLog is { } output ? new RequestLog(output, options.Clock) : null;
    }

    /// <summary>Where it can be reached, once it is started.</summary>
    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>A registry that can be pushed to. The store stays the caller's.</summary>
    /// <exception cref="IpdrException">A file that the options name cannot be used.</exception>
    public static RegistryServer Over(ContentStore store, ServerOptions options) => new(ServedContent.Of(store), options);

    /// <summary>A registry that can only be read.</summary>
    /// <exception cref="IpdrException">A file that the options name cannot be used.</exception>
    public static RegistryServer Over(IRegistryContent content, ServerOptions options) => new(new ServedContent(content, new JoinedBlocks([])), options);

    /// <summary>A server of anything.</summary>
    /// <exception cref="IpdrException">A file that the options name cannot be used.</exception>
    public static RegistryServer Over(ServedContent content, ServerOptions options) => new(content, options);

    /// <summary>Begins to answer.</summary>
    /// <exception cref="IpdrException">The address cannot be listened on.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, e.Message.TrimEnd('.'), new IPEndPoint(_options.Address, _options.Port).ToString(), RemedyFor(e)), e);
        }
    }

    /// <summary>Takes no more requests, and waits for those that are being worked on, up to <see cref="ServerOptions.StopTimeout"/>.</summary>
    public async Task StopAsync()
    {
        using CancellationTokenSource patience = new(_options.StopTimeout, _options.Clock);
        await _application.StopAsync(patience.Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync().ConfigureAwait(false);
        if (_log is not null)
            await _log.DisposeAsync().ConfigureAwait(false);
        _gatekeeper?.Dispose();
        _certificate?.Dispose();
        _telemetry.Dispose();
    }

    private static string RemedyFor(Exception e) => e switch
    {
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "Choose an address of this machine with --listen; 0.0.0.0 is all of them.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "Choose a port above 1023 with --port, or run as somebody who may listen there.",
        _ => "Choose another port with --port, or end what listens there.",
    };

    private WebApplication Build()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        // Only the options say how the server behaves; but where telemetry goes is said by the standard variables.
        builder.Configuration.AddInMemoryCollection(TelemetryVariables());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, CallerLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = _options.StopTimeout);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(Configure);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(ServerTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddPrometheusExporter());
        if (TraceEndpoints.Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))))
            builder.Services.AddOpenTelemetry().WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddOtlpExporter());
        WebApplication application = builder.Build();
        application.UseOpenTelemetryPrometheusScrapingEndpoint("/metrics");
        application.Run(HandleAsync);
        return application;
    }

    private static IEnumerable<KeyValuePair<string, string?>> TelemetryVariables()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable.Key is string name && name.StartsWith("OTEL_", StringComparison.Ordinal))
                yield return new KeyValuePair<string, string?>(name, variable.Value as string);
        }
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxConcurrentConnections = _options.MaxConnections;
        // A request has 30 seconds for its headers and must then send 240 bytes a second: Kestrel's own defaults, which end a slow loris.
        kestrel.Limits.MaxResponseBufferSize = BlobSender.HeldBytes;
        kestrel.Listen(_options.Address, _options.Port, listen =>
        {
            if (_certificate is not null)
                listen.UseHttps(_certificate);
        });
    }

    private static X509Certificate2 LoadCertificate(TlsFiles files)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        }
        catch (Exception e) when (e is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, $"certificate and key cannot be used: {e.Message.TrimEnd('.')}", $"{files.Certificate}, {files.Key}", "Both must be PEM, and belong together."), e);
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        long start = _options.Clock.GetTimestamp();
        Exception? failure = null;
        // Who watches over the server must not take a busy one for a dead one.
        bool watches = context.Request.Path.Value is Health or Ready;
        bool entered = !watches && _gate.TryEnter();
        try
        {
            if (!entered && !watches)
            {
                _telemetry.Refused();
                throw new RegistryException(RegistryErrorCode.TooManyRequests, "too many requests are being worked on");
            }
            await AnswerAsync(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: nobody is there to be answered.
        }
        catch (Microsoft.AspNetCore.Connections.ConnectionResetException)
        {
            // As above, in the middle of a body.
        }
#pragma warning disable CA1031 // The last resort of a request: whatever it is, the client gets an answer, and the server goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            RegistryException? refusal = Refusals.Explain(e, HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method));
            failure = refusal is null or { Status: >= 500 } ? e : null;
            await Refusals.WriteAsync(context, refusal ?? new RegistryException(RegistryErrorCode.Unknown, "the server failed", null, e)).ConfigureAwait(false);
        }
        finally
        {
            if (entered)
                _gate.Leave();
            _telemetry.Answered(context.Request.ContentLength, context.Response.ContentLength);
            _log?.Write(context, _options.Clock.GetElapsedTime(start), _gatekeeper is null ? null : context.Items[typeof(Gatekeeper)] as string, failure);
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        return path switch
        {
            Health => WriteTextAsync(context, StatusCodes.Status200OK, "OK"),
            Ready => GetReadyAsync(context),
            _ => AnswerAdmittedAsync(context, path),
        };
    }

    private async Task AnswerAdmittedAsync(HttpContext context, string path)
    {
        if (path.StartsWith("/v2", StringComparison.Ordinal))
            context.Response.Headers[RegistryHeaders.ApiVersion] = RegistryHeaders.ApiVersionValue;
        if (_gatekeeper is not null)
        {
            AccessRight right = RegistryApi.RightFor(context.Request);
            context.Items[typeof(Gatekeeper)] = await _gatekeeper.AdmitAsync(context.Request.Headers.Authorization, right, context.RequestAborted).ConfigureAwait(false);
        }
        Task answer = path switch
        {
            "/dig" or "/dig/" => _dig.HandleAsync(context),
            _ when GatewayApi.Owns(path) => _gateway.HandleAsync(context),
            _ when PageApi.Owns(path) => _page.HandleAsync(context),
            _ => _api.HandleAsync(context),
        };
        await answer.ConfigureAwait(false);
    }

    private Task GetReadyAsync(HttpContext context)
    {
        try
        {
            _store?.Probe();
            return WriteTextAsync(context, StatusCodes.Status200OK, "ready");
        }
        catch (IpdrException e)
        {
            return WriteTextAsync(context, StatusCodes.Status503ServiceUnavailable, e.Fault.What);
        }
    }

    private static Task WriteTextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return new RegistryCall(context, default).WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8");
    }
}
