namespace Ipdr.Oci.Car;

/// <summary>How much of what a path leads to goes into a CAR (trustless gateway specification, "dag-scope").</summary>
public enum CarScope
{
    /// <summary>Its top block.</summary>
    Block,

    /// <summary>A whole file, or a directory without what is in it; of anything else the top block.</summary>
    Entity,

    /// <summary>All that is below it.</summary>
    All,
}
