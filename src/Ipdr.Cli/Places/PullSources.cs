using Ipdr.Cli.Commands;
using Ipdr.Oci.Car;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Gateways.Kubo;
using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Gateways.Routing;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Cli.Places;

/// <summary>Who is asked for blocks, as the command line says it.</summary>
internal sealed class PullSources(IReadOnlyList<string> from, IReadOnlyList<string> routing, string? ipfsHost, SourceNotes notes)
{
    private const string Car = "car:", Kubo = "kubo";

    // Whoever answers on this machine does so at once.
    private static readonly TimeSpan LocalPatience = TimeSpan.FromSeconds(2);

    // Each question goes to a server that does this for many.
    private const int MaxQuestions = 16;

    private int _questions;

    /// <summary>Refuses what cannot be an address of a source; nothing is opened.</summary>
    /// <exception cref="IpdrException">It cannot.</exception>
    public static void Require(string text)
    {
        if (text.StartsWith(Kubo + "=", StringComparison.Ordinal))
            KuboAddress.Parse(text[(Kubo.Length + 1)..]);
        else if (text != Kubo && !text.StartsWith(Car, StringComparison.Ordinal))
            GatewayAddress.Parse(text);
    }

    /// <summary>Opens those that are named. The caller disposes of the pool.</summary>
    /// <exception cref="IpdrException">An address or file cannot be used.</exception>
    public async Task<BlockPool> OpenAsync(CancellationToken cancellationToken)
    {
        List<PooledSource> sources = [];
        foreach (string text in from)
            sources.Add(await OpenAsync(text, cancellationToken).ConfigureAwait(false));
        if (ipfsHost is not null && !from.Any(text => text == Kubo))
            sources.Add(OfKubo(KuboAddress.Parse(ipfsHost)));
        else if (from.Count == 0 && await FindLocalAsync(cancellationToken).ConfigureAwait(false) is { } local)
            sources.Add(local);
        return new BlockPool(sources, new BlockPoolOptions { FindMore = routing.Count > 0 ? FindMoreAsync : null }, notes);
    }

    /// <summary>Opens those that are named, and those that routing servers know of for a CID. The caller disposes of the pool.</summary>
    /// <exception cref="IpdrException">An address or file cannot be used.</exception>
    public async Task<BlockPool> OpenAsync(Cid root, CancellationToken cancellationToken)
    {
        BlockPool pool = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await AskAsync(pool, root, cancellationToken).ConfigureAwait(false);
        return pool;
    }

    /// <summary>Adds those that routing servers know of.</summary>
    public async Task AskAsync(BlockPool pool, Cid root, CancellationToken cancellationToken)
    {
        if (routing.Count > 0)
            pool.Add(await AskAsync(root, cancellationToken).ConfigureAwait(false));
    }

    private async Task<PooledSource> OpenAsync(string text, CancellationToken cancellationToken)
    {
        if (text.StartsWith(Car, StringComparison.Ordinal))
            return new PooledSource(text, await CarFile.OpenAsync(text[Car.Length..], cancellationToken: cancellationToken).ConfigureAwait(false)) { Parallelism = 2 };
        if (text == Kubo)
            return OfKubo(KuboOptions.Locate(ipfsHost));
        if (text.StartsWith(Kubo + "=", StringComparison.Ordinal))
            return OfKubo(KuboAddress.Parse(text[(Kubo.Length + 1)..]));
        return PooledSource.Of(new TrustlessGateway(GatewayAddress.Parse(text)));
    }

    private static PooledSource OfKubo(KuboAddress address)
    {
        KuboClient client = KuboOptions.Connect(address);
        return new PooledSource($"kubo={client.Name}", client);
    }

    private static async Task<PooledSource?> FindLocalAsync(CancellationToken cancellationToken)
    {
        KuboAddress address = KuboOptions.Locate(null);
        using KuboClient probe = new(address, options: new SourceOptions { Patience = LocalPatience, ConnectTimeout = LocalPatience });
        try
        {
            await probe.GetVersionAsync(cancellationToken).ConfigureAwait(false);
            return OfKubo(address);
        }
        catch (SourceException)
        {
            // Nobody said that there is one.
            return null;
        }
    }

    private async Task<List<PooledSource>> AskAsync(Cid cid, CancellationToken cancellationToken)
    {
        List<PooledSource> found = [];
        List<Fault> failures = [];
        foreach (string address in routing)
        {
            using DelegatedRouting server = new(GatewayAddress.Parse(address));
            try
            {
                foreach (Uri gateway in await server.FindGatewaysAsync(cid, cancellationToken).ConfigureAwait(false))
                    found.Add(PooledSource.Of(new TrustlessGateway(gateway)));
            }
            catch (SourceException e)
            {
                failures.Add(e.Fault);
            }
        }
        foreach (Fault failure in failures)
            notes.RoutingFailed(failure);
        return found;
    }

    private async ValueTask<IReadOnlyList<PooledSource>> FindMoreAsync(Cid cid, CancellationToken cancellationToken) =>
        Interlocked.Increment(ref _questions) <= MaxQuestions ? await AskAsync(cid, cancellationToken).ConfigureAwait(false) : [];
}
