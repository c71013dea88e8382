using Ipdr.Oci.Compression;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Conversion;

/// <summary>Remembers what layers were compressed to, so that it is not done again. Safe for several threads.</summary>
public interface ILayerMemory
{
    /// <summary>The blob that a layer became, or null if that is not known.</summary>
    /// <param name="diffId">The layer's uncompressed SHA-256.</param>
    /// <param name="settings">How it was compressed; by the same settings the same bytes come out.</param>
    KnownLayer? Find(Digest diffId, CompressionSettings settings);
}
