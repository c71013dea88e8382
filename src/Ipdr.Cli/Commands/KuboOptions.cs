using System.CommandLine;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Gateways.Kubo;

namespace Ipdr.Cli.Commands;

/// <summary>Where the IPFS daemon is, and how it is talked to.</summary>
internal static class KuboOptions
{
    /// <summary>Holds what the daemon wants to be shown: <c>bearer:TOKEN</c> or <c>basic:USER:PASSWORD</c>, as Kubo's own <c>--api-auth</c> has it.</summary>
    private const string AuthVariable = "IPDR_KUBO_AUTH";

    public static Option<string?> Host() => new Option<string?>("--ipfs-host")
    {
        Description = $"The IPFS daemon's RPC API: HOST:PORT, a URL, a multiaddr, or unix:PATH. Default: what $IPFS_PATH/api says, else 127.0.0.1:5001. {AuthVariable} may hold bearer:TOKEN or basic:USER:PASSWORD.",
        HelpName = "HOST:PORT",
    }.Readable(text => KuboAddress.Parse(text));

    /// <summary>The daemon that was named, or that of this machine, or where one would be.</summary>
    public static KuboAddress Locate(string? text) => text is not null ? KuboAddress.Parse(text) : KuboAddress.OfThisMachine() ?? KuboAddress.Default;

    /// <summary>A client that shows what the environment holds.</summary>
    public static KuboClient Connect(KuboAddress address)
    {
        string? auth = Environment.GetEnvironmentVariable(AuthVariable);
        if (string.IsNullOrEmpty(auth))
            return new KuboClient(address);
        if (auth.StartsWith("bearer:", StringComparison.Ordinal))
            return new KuboClient(address, auth["bearer:".Length..]);
        string[] parts = auth.Split(':', 3);
        return parts is ["basic", string user, string password]
            ? new KuboClient(address.WithPassword(user, password))
            : throw new UsageException($"{AuthVariable} holds neither bearer:TOKEN nor basic:USER:PASSWORD");
    }
}
