using System.Net;
using Ipdr.Server.Access;

namespace Ipdr.Server;

/// <summary>How a server is reached and what it allows.</summary>
public sealed record ServerOptions
{
    /// <summary>The address to listen on. Default 127.0.0.1: nobody else reaches a server that was not asked to be reached.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port. Default 5000, as registries have it; 0 for any free one.</summary>
    public int Port { get; init; } = 5000;

    /// <summary>The certificate and its key. Default null: plain HTTP.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>Who may do what. Default null: everybody everything.</summary>
    public AccessPolicy? Access { get; init; }

    /// <summary>Refuse everything that changes content. Default false.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Refuse manifests of which layers are not in the repository, not only those whose config is not. Default false: sparse manifests are taken, with a warning.</summary>
    public bool RequireLayers { get; init; }

    /// <summary>Let the gateway give out files and listings as well, to people who ask for no block format. Default false.</summary>
    public bool Deserialized { get; init; }

    /// <summary>Largest manifest taken, in bytes. Default and ceiling 4 MiB: what clients read at most.</summary>
    public int MaxManifestBytes { get; init; } = Oci.Images.Document.MaxBytes;

    /// <summary>Largest blob taken, in bytes. Default: no limit.</summary>
    public long MaxBlobBytes { get; init; } = long.MaxValue;

    /// <summary>Requests that are worked on at once; more get 429. Default 1024.</summary>
    public int MaxRequests { get; init; } = 1024;

    /// <summary>Connections that are open at once; more are closed. Default 10,000.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>How long a stop waits for transfers to end. Default five minutes.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Tells the time of log lines. Default <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Gets a line of JSON for every request; null for none. Default null.</summary>
    public Stream? AccessLog { get; init; }
}
