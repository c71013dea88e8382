namespace Ipdr.Oci.Distribution;

/// <summary>What became of a wish to delete.</summary>
internal enum Deletion
{
    /// <summary>It is gone.</summary>
    Done,

    /// <summary>There is no such tag or manifest.</summary>
    Absent,

    /// <summary>The registry does not delete this, or nothing.</summary>
    Unsupported,
}
