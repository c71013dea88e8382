namespace Ipdr.Oci.Conversion;

/// <summary>What happens to the compression of layers.</summary>
public enum LayerCompression
{
    /// <summary>Layers that are compressed are kept as they are, plain ones become gzip.</summary>
    Auto,

    /// <summary>All layers are kept as they are.</summary>
    Preserve,

    /// <summary>All layers become gzip; those that are, are kept.</summary>
    Gzip,

    /// <summary>All layers become zstd; those that are, are kept.</summary>
    Zstd,

    /// <summary>All layers become plain tar.</summary>
    None,
}
