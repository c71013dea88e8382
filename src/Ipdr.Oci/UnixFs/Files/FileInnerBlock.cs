using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Files;

/// <summary>A node of a file that links to others.</summary>
internal sealed class FileInnerBlock(Cid cid, int length, FileTree tree, FileLevel[] levels, int height, long index) : DagBlock(cid, length)
{
    private protected override string Where => tree.Content.Name;

    private protected override ValueTask FillAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        tree.Write(levels, height, index, destination.Span);
        return ValueTask.CompletedTask;
    }
}
