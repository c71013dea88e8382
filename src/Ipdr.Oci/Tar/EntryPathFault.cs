namespace Ipdr.Oci.Tar;

/// <summary>Why a name is no path inside an archive.</summary>
public enum EntryPathFault
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>The name is empty.</summary>
    Empty,

    /// <summary>The name contains a NUL.</summary>
    Nul,

    /// <summary>The name begins at a root, with a slash or a backslash.</summary>
    Absolute,

    /// <summary>The name begins with a drive, as <c>C:</c>.</summary>
    Drive,

    /// <summary>The name has a part <c>..</c>, or a link's target leads out of the archive.</summary>
    Climbs,
}
