namespace Ipdr.Oci.UnixFs;

/// <summary>How the size of a directory is estimated, which decides whether it is sharded.</summary>
public enum HamtEstimate
{
    /// <summary>The names and CIDs of its entries, in bytes; what Kubo does unless a profile says otherwise.</summary>
    Links,

    /// <summary>The exact length of the block that the directory would be without sharding (IPIP-499).</summary>
    Block,
}
