using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Verification.Content;

/// <summary>What has to be known of one content, put together from all that refer to it.</summary>
internal sealed class ContentDemand
{
    /// <summary>Digests wanted of the bytes as stored.</summary>
    public HashSet<DigestAlgorithm> Stored { get; } = [];

    /// <summary>Digests wanted of the uncompressed bytes.</summary>
    public HashSet<DigestAlgorithm> Plain { get; } = [];

    /// <summary>Somebody uses it as a layer: it is decompressed and walked.</summary>
    public bool AsLayer { get; set; }

    /// <summary>Everything that could be asked later, for content that passes only once.</summary>
    public static ContentDemand Everything(bool quick)
    {
        ContentDemand demand = new() { AsLayer = !quick };
        demand.Stored.UnionWith(Enum.GetValues<DigestAlgorithm>());
        demand.Plain.UnionWith(Enum.GetValues<DigestAlgorithm>());
        return demand;
    }
}
