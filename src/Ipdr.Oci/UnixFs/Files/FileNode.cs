using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Files;

/// <summary>A file that has its CID.</summary>
/// <param name="cid">The root.</param>
/// <param name="shape">The root's sizes.</param>
/// <param name="tree">All its nodes; null when the blocks are not wanted.</param>
internal sealed class FileNode(Cid cid, NodeShape shape, FileTree? tree) : DagNode(cid, shape.CumulativeSize)
{
    public override DagEntryKind Kind => DagEntryKind.File;

    public override long FileSize => shape.FileBytes;

    /// <summary>The same file, its content at another place.</summary>
    public FileNode At(FileContent content) => tree is null ? this : new FileNode(Cid, shape, tree.At(content));

    public override DagStep Root => (tree ?? throw new InvalidOperationException("the blocks were not kept")).Root(Cid, shape);
}
