using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Ipdr.Cli.Output;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries.Serving;
using Ipdr.Oci.Store;
using Ipdr.Server;
using Ipdr.Server.Access;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr serve</c>: a registry.</summary>
internal static class ServeCommand
{
    private static readonly ServerOptions Unchanged = new();

    private static readonly TimeSpan UnnoticedStop = TimeSpan.FromSeconds(1);

    private static readonly Argument<string[]> Places = new("PLACE")
    {
        Description = "Layouts, CARs and archives to serve read-only, as they are where that is possible. Default: the store.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<int?> Port = CreatePort();

    private static readonly Option<IPAddress?> Listen = new("--listen")
    {
        Description = "Address to listen on. Default: 127.0.0.1; 0.0.0.0 or :: for all.",
        HelpName = "ADDR",
        CustomParser = ReadAddress,
    };

    private static readonly Option<string?> Certificate = new("--tls-cert", "--tlsCertPath") { Description = "Certificate with its chain, PEM: serve over TLS.", HelpName = "FILE" };

    private static readonly Option<string?> Key = new("--tls-key", "--tlsKeyPath") { Description = "Key of the certificate, PEM.", HelpName = "FILE" };

    private static readonly Option<string?> Htpasswd = new("--htpasswd") { Description = "Users and bcrypt hashes, as htpasswd -B writes them: nobody else is let in.", HelpName = "FILE" };

    private static readonly Option<string[]> Pushers = new("--pusher") { Description = "The only users who may push; may be repeated. Default: all users.", HelpName = "USER" };

    private static readonly Option<bool> RequireLayers = new("--require-layers") { Description = "Refuse manifests of which layers were not pushed, instead of warning of it." };

    private static readonly Option<bool> ReadOnly = new("--read-only") { Description = "Refuse everything that changes content." };

    private static readonly Option<long?> MaxManifest = Choices.Size("--max-manifest-bytes", "Largest manifest taken. Default and ceiling: 4M.");

    private static readonly Option<long?> MaxBlob = Choices.Size("--max-blob-bytes", "Largest blob taken. Default: no limit.");

    private static readonly Option<int?> MaxRequests = Choices.Number("--max-requests", $"Requests worked on at once; more are told to come back. Default: {Unchanged.MaxRequests}.", 1, int.MaxValue);

    private static readonly Option<int?> MaxConnections = Choices.Number("--max-connections", $"Connections open at once; more are closed. Default: {Unchanged.MaxConnections}.", 1, int.MaxValue);

    private static readonly Option<int?> StopTimeout = Choices.Number("--stop-timeout", $"Seconds that a stop waits for transfers to end. Default: {Unchanged.StopTimeout.TotalSeconds}.", 0, 86_400, "S");

    private static readonly Option<bool> Deserialized = new("--deserialized") { Description = "Give out files and listings under /ipfs/ as well, for people with browsers." };

    public static Command Create()
    {
        Command command = new("serve", "Be an OCI registry and a trustless IPFS gateway over the store, or over layouts, CARs and archives on disk.")
        {
            Places, Port, Listen, CidOptions.Resolvers, CidOptions.Gateways, CidOptions.CacheBytes, Deserialized,
            Certificate, Key, Htpasswd, Pushers, ReadOnly, RequireLayers, MaxManifest, MaxBlob, MaxRequests, MaxConnections, StopTimeout,
        };
        command.Aliases.Add("server");
        command.SetAction(RunAsync);
        return command;
    }

    private static Option<int?> CreatePort()
    {
        Option<int?> option = Choices.Number("--port", $"Port to listen on; 0 for any free one. Default: {Unchanged.Port}.", 0, (int)ushort.MaxValue);
        option.Aliases.Add("-p");
        return option;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        LogLevel level = parsed.GetValue(GlobalOptions.LogLevel);
        Stream? log = level >= LogLevel.Info ? new StandardErrorStream() : null;
        ServerOptions options = ReadOptions(parsed, log);
        string[] places = parsed.GetValue(Places) ?? [];
        if (places.Length == 0)
        {
            using ContentStore store = ContentStore.Open(StoreHome.Locate());
            if (store.IsReadOnly && !options.ReadOnly)
                Tell($"the store can only be read here, so that nothing can be pushed: {store.Home}");
            return await RunAsync(parsed, ServedContent.Of(store), options, cancellationToken).ConfigureAwait(false);
        }
        ServedPlaces served = await ServedPlaces.OpenAsync(places, Tell, cancellationToken).ConfigureAwait(false);
        await using (served.ConfigureAwait(false))
            return await RunAsync(parsed, ServedContent.Of(served), options, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(ParseResult parsed, ServedContent content, ServerOptions options, CancellationToken cancellationToken)
    {
        RenewedPool? gateways = CidOptions.OpenGateways(parsed);
        try
        {
            return await RunAsync(CidOptions.Complete(parsed, content, gateways), options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (gateways is not null)
                await gateways.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<int> RunAsync(ServedContent content, ServerOptions options, CancellationToken cancellationToken)
    {
        RegistryServer server = RegistryServer.Over(content, options);
        await using (server.ConfigureAwait(false))
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
            await Console.Out.WriteLineAsync(server.Address.ToString().TrimEnd('/')).ConfigureAwait(false);
            await WaitAsync(cancellationToken).ConfigureAwait(false);
            await StopAsync(server, options.StopTimeout).ConfigureAwait(false);
        }
        return ExitCode.Done;
    }

    // Most stops take no time; of one that does it is said why, and how to be done with it.
    private static async Task StopAsync(RegistryServer server, TimeSpan timeout)
    {
        Task stop = server.StopAsync();
        if (await Task.WhenAny(stop, Task.Delay(UnnoticedStop)).ConfigureAwait(false) != stop)
            Tell($"waiting up to {timeout.TotalSeconds:0} s for transfers to end; another Ctrl-C or SIGTERM ends them now");
        await stop.ConfigureAwait(false);
    }

    private static void Tell(string sentence) => Console.Error.WriteLine(Printable.Of($"ipdr: {sentence}"));

    // To be told to stop is how a server ends well.
    private static async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static ServerOptions ReadOptions(ParseResult parsed, Stream? log)
    {
        if (parsed.GetValue(MaxManifest) > Document.MaxBytes)
            throw new UsageException("--max-manifest-bytes is at most 4M: no client reads larger ones");
        return new ServerOptions
        {
            Address = parsed.GetValue(Listen) ?? Unchanged.Address,
            Port = parsed.GetValue(Port) ?? Unchanged.Port,
            Tls = ReadTls(parsed),
            Access = ReadAccess(parsed),
            ReadOnly = parsed.GetValue(ReadOnly),
            RequireLayers = parsed.GetValue(RequireLayers),
            Deserialized = parsed.GetValue(Deserialized),
            MaxManifestBytes = (int?)parsed.GetValue(MaxManifest) ?? Unchanged.MaxManifestBytes,
            MaxBlobBytes = parsed.GetValue(MaxBlob) ?? Unchanged.MaxBlobBytes,
            MaxRequests = parsed.GetValue(MaxRequests) ?? Unchanged.MaxRequests,
            MaxConnections = parsed.GetValue(MaxConnections) ?? Unchanged.MaxConnections,
            StopTimeout = parsed.GetValue(StopTimeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : Unchanged.StopTimeout,
            AccessLog = log,
        };
    }

    private static TlsFiles? ReadTls(ParseResult parsed) => (parsed.GetValue(Certificate), parsed.GetValue(Key)) switch
    {
        (null, null) => null,
        ({ } certificate, { } key) => new TlsFiles(certificate, key),
        _ => throw new UsageException("--tls-cert and --tls-key go together"),
    };

    private static AccessPolicy? ReadAccess(ParseResult parsed)
    {
        string[] pushers = parsed.GetValue(Pushers) ?? [];
        if (parsed.GetValue(Htpasswd) is not { } file)
            return pushers.Length == 0 ? null : throw new UsageException("--pusher needs --htpasswd");
        return new AccessPolicy(file) { Pushers = pushers.Length == 0 ? null : pushers.ToHashSet() };
    }

    private static IPAddress? ReadAddress(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (text == "localhost")
            return IPAddress.Loopback;
        if (IPAddress.TryParse(text.Trim('[', ']'), out IPAddress? address))
            return address;
        result.AddError($"\"{text}\" is not an IP address");
        return null;
    }
}
