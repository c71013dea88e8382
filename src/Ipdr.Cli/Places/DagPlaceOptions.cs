using System.Globalization;
using Ipdr.Cli.Commands;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Gateways.Cluster;
using Ipdr.Oci.Gateways.Kubo;

namespace Ipdr.Cli.Places;

/// <summary>What places for DAGs share.</summary>
/// <param name="Kubo">The daemon, where none is named.</param>
/// <param name="Replication">On how many peers of a cluster something shall be.</param>
/// <param name="Say">Is told how far slow places are.</param>
internal sealed record DagPlaceOptions(Func<KuboAddress> Kubo, ClusterReplication Replication, Action<string> Say)
{
    /// <summary>Reads <c>MIN[:MAX]</c>.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static ClusterReplication ReadReplication(string? text)
    {
        if (text is null)
            return new ClusterReplication();
        string[] parts = text.Split(':');
        return parts.Length <= 2 && TryRead(parts[0], out int min) && TryRead(parts[^1], out int max) && (max < 0 || max >= min)
            ? new ClusterReplication(min, max)
            : throw new UsageException($"--replication {text} is not MIN or MIN:MAX, numbers of peers, or -1 for all");
    }

    /// <summary>Where a pinning service can fetch from: the daemon of this machine, if it runs.</summary>
    public async Task<IReadOnlyList<string>> OriginsAsync(CancellationToken cancellationToken)
    {
        using KuboClient client = KuboOptions.Connect(Kubo());
        try
        {
            return await client.GetAddressesAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SourceException)
        {
            // Then it finds others by itself, or not.
            return [];
        }
    }

    private static bool TryRead(string text, out int count) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out count) && count >= -1;
}
