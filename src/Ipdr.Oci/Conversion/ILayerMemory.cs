using Ipdr.Oci.Compression;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Conversion;

/// <summary>Remembers layers, so that they are not compressed again, nor decompressed again to be checked. Safe for several threads.</summary>
public interface ILayerMemory
{
    /// <summary>The blob that a layer became, or null if that is not known.</summary>
    /// <param name="diffId">The layer's uncompressed SHA-256.</param>
    /// <param name="settings">How it was compressed; by the same settings the same bytes come out.</param>
    KnownLayer? Find(Digest diffId, CompressionSettings settings);

    /// <summary>A compressed layer, whoever compressed it, or null if it is not here, or not known what it decompresses to.</summary>
    /// <param name="blob">The compressed blob's SHA-256.</param>
    KnownLayer? FindStored(Digest blob);
}
