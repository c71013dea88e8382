using System.Text;

namespace Ipdr.Oci.UnixFs.Directories;

/// <summary>A name in a directory.</summary>
/// <param name="Name">The name in UTF-8.</param>
/// <param name="Node">What it stands for.</param>
internal readonly record struct DirectoryEntry(byte[] Name, DagNode Node)
{
    public string Text => Encoding.UTF8.GetString(Name);
}
