namespace Ipdr.Oci.Transfer;

/// <summary>What a manifest describes.</summary>
public enum InspectedKind
{
    /// <summary>An image that runs.</summary>
    Image,

    /// <summary>A list of manifests.</summary>
    Index,

    /// <summary>What a builder says of an image.</summary>
    Attestation,

    /// <summary>Anything else.</summary>
    Artifact,

    /// <summary>It is named and not there, as platforms that were never fetched.</summary>
    Absent,
}
