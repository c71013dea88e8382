namespace Ipdr.Oci.UnixFs.Files;

/// <summary>The nodes of a file that are equally far from the leaves. All have one shape but the last.</summary>
internal readonly record struct FileLevel(long Count, NodeShape Full, NodeShape Last)
{
    public NodeShape this[long index] => index == Count - 1 ? Last : Full;
}
