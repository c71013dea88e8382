namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>What the answer to the wish for a run turned out to be.</summary>
internal enum RunOutcome
{
    /// <summary>There is none: the source has not got the file, or does not give CARs.</summary>
    Nothing,

    /// <summary>The run, whole.</summary>
    Run,

    /// <summary>The whole file, whatever part was asked for: as gateways answered before they could do better.</summary>
    WholeFile,

    /// <summary>More than was known of: what looked like a leaf has parts of its own.</summary>
    DeeperFile,
}
