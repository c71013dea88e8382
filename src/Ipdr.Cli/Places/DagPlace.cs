using System.Diagnostics.CodeAnalysis;
using Ipdr.Cli.Commands;
using Ipdr.Cli.Output;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Destinations.Dags;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Gateways.Cluster;
using Ipdr.Oci.Gateways.Kubo;
using Ipdr.Oci.Gateways.Pinning;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Places;

/// <summary>A place for DAGs as it is written on a command line: <c>kind</c> or <c>kind=where</c>.</summary>
/// <param name="Kind"><c>store</c>, <c>kubo</c>, <c>car</c>, <c>cluster</c> or <c>pinning</c>.</param>
/// <param name="Where">An address or file; null where it is not said.</param>
internal sealed record DagPlace(string Kind, string? Where) : IParsable<DagPlace>
{
    /// <summary>The kind of an IPFS Cluster.</summary>
    public const string Cluster = "cluster";

    private const string PinningToken = "IPDR_PINNING_TOKEN";
    private const string ClusterToken = "IPDR_CLUSTER_TOKEN";

    /// <summary>Whether it takes standard output.</summary>
    public bool IsStandardStream => Kind == "car" && Where == ImagePlace.StandardStream;

    /// <summary>Is a text written like such a place, right or wrong, and like no place of images?</summary>
    public static bool Resembles(string text) =>
        text == "kubo" || (text.IndexOf('=', StringComparison.Ordinal) is > 0 and int equals && text[..equals] is "kubo" or "car" or Cluster or "pinning");

    /// <exception cref="FormatException">It is no place.</exception>
    /// <exception cref="IpdrException">Its address is none.</exception>
    public static DagPlace Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        int equals = s.IndexOf('=', StringComparison.Ordinal);
        DagPlace place = equals < 0 ? new DagPlace(s, null) : new DagPlace(s[..equals], s[(equals + 1)..]);
        return place switch
        {
            { Kind: "store", Where: null } or { Kind: "kubo", Where: null } or { Kind: "car", Where.Length: > 0 } => place,
            { Kind: "kubo", Where.Length: > 0 } when KuboAddress.Parse(place.Where) is not null => place,
            { Kind: Cluster or "pinning", Where.Length: > 0 } when GatewayAddress.Parse(place.Where) is not null => place,
            { Kind: "car" } => throw new FormatException("car needs a file: car=FILE, or car=- for standard output"),
            { Kind: Cluster or "pinning" } => throw new FormatException($"{place.Kind} needs an address: {place.Kind}=URL"),
            _ => throw new FormatException($"\"{s}\" is none of store, kubo[=ADDRESS], car=FILE, cluster=URL, pinning=URL"),
        };
    }

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out DagPlace result)
    {
        try
        {
            result = s is null ? null : Parse(s, provider);
            return result is not null;
        }
        catch (Exception e) when (e is FormatException or IpdrException)
        {
            result = null;
            return false;
        }
    }

    /// <summary>Opens it; null for the store, which everything goes through anyway.</summary>
    public IDagDestination? Open(DagPlaceOptions options) => Kind switch
    {
        "kubo" => new KuboDestination(KuboOptions.Connect(Where is null ? options.Kubo() : KuboAddress.Parse(Where))),
        "car" => IsStandardStream ? CarDestination.ToStream(new StandardOutputStream(readerMayLeave: false)) : CarDestination.ToFile(Where!),
        Cluster => new ClusterDestination(new ClusterClient(GatewayAddress.Parse(Where!), Environment.GetEnvironmentVariable(ClusterToken)), options.Replication, options.Say),
        "pinning" => new PinningDestination(new PinningClient(GatewayAddress.Parse(Where!), RequireToken()), options.OriginsAsync, options.Say),
        _ => null,
    };

    private static string RequireToken() => Environment.GetEnvironmentVariable(PinningToken) is { Length: > 0 } token
        ? token
        : throw new UsageException($"a pinning service wants a token: put it into {PinningToken}");
}
