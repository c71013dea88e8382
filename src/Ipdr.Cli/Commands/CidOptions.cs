using System.CommandLine;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Registries.Serving;
using Ipdr.Oci.Resolution;
using Ipdr.Oci.Store;
using Ipdr.Oci.UnixFs.Reading;
using Ipdr.Server;

namespace Ipdr.Cli.Commands;

/// <summary>The options that say where names become CIDs, and where blocks are that are not at hand.</summary>
internal static class CidOptions
{
    public static readonly Option<string[]> Resolvers = new Option<string[]>("--cid-resolver")
    {
        Description = "Where names become CIDs, asked in this order: file:DIR (REPOSITORY/TAG files; what is pushed is written there too), /ipfs/CID, or a domain with a DNSLink. May be repeated.",
        HelpName = "WHERE",
    }.Readable(text => CidResolvers.Parse(text, new JoinedBlocks([])));

    public static readonly Option<string[]> Gateways = new Option<string[]>("--ipfs-gateway")
    {
        Description = "Trustless gateway to fetch blocks from that are not at hand; each is verified, and kept. May be repeated.",
        HelpName = "URL",
    }.Readable(text => GatewayAddress.Parse(text));

    public static readonly Option<long?> CacheBytes = Choices.Size("--cache-bytes", "Room for what comes from gateways, in the store's folder. Default: 16G.", min: 0);

    private const long DefaultCacheBytes = 16L << 30;

    // A source that failed may be well again after that.
    private static readonly TimeSpan PoolAge = TimeSpan.FromMinutes(5);

    /// <summary>The gateways that were named; null if none was.</summary>
    public static RenewedPool? OpenGateways(ParseResult parsed)
    {
        Uri[] addresses = [.. (parsed.GetValue(Gateways) ?? []).Select(GatewayAddress.Parse)];
        return addresses.Length == 0 ? null : new RenewedPool(() => new BlockPool(addresses.Select(address => PooledSource.Of(new TrustlessGateway(address)))), PoolAge);
    }

    /// <summary>Adds to what is at hand what the gateways have, and the names of the resolvers.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="content">The store, or places.</param>
    /// <param name="gateways">The gateways; null for none.</param>
    public static ServedContent Complete(ParseResult parsed, ServedContent content, RenewedPool? gateways)
    {
        ServedContent complete = content with { Elsewhere = gateways is null ? null : OpenCache(parsed, gateways) };
        return complete with { Resolvers = OpenResolvers(parsed, complete.AllBlocks, content.Places) };
    }

    /// <summary>The names in places that are served, and the resolvers that were named; null if there are neither.</summary>
    public static CidResolvers? OpenResolvers(ParseResult parsed, IBlockSource blocks, ServedPlaces? places = null)
    {
        ICidResolver[] resolvers = [
            .. places is null ? Array.Empty<ICidResolver>() : [new PlacesResolver(places)],
            .. (parsed.GetValue(Resolvers) ?? []).Select(text => CidResolvers.Parse(text, blocks)),
        ];
        return resolvers.Length == 0 ? null : new CidResolvers(resolvers);
    }

    private static BlockCache OpenCache(ParseResult parsed, IBlockSource gateways) =>
        new(Path.Combine(StoreHome.Locate(), BlockCache.FolderName), gateways, parsed.GetValue(CacheBytes) ?? DefaultCacheBytes);
}
