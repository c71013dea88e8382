namespace Ipdr.Oci.Layouts;

/// <summary>What is where a layout shall be.</summary>
internal enum DestinationState
{
    /// <summary>Nothing.</summary>
    Absent,

    /// <summary>An empty folder, or one in which an earlier run was interrupted before it held a layout.</summary>
    Empty,

    /// <summary>A layout that can be added to.</summary>
    Layout,
}
