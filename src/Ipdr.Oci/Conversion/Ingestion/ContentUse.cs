namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>What content will be used as, as far as that is known while it passes.</summary>
[Flags]
internal enum ContentUse
{
    /// <summary>Not known yet: the documents that tell come later in the stream.</summary>
    Unknown = 0,

    /// <summary>A file-system layer: decoded, checked against its DiffId, compressed as the options say.</summary>
    Layer = 1,

    /// <summary>Any other blob: kept as it is.</summary>
    Blob = 2,
}
