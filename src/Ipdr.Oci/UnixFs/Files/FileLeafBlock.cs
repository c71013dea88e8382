using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Files;

/// <summary>A chunk of a file, as it is or with a node around it.</summary>
internal sealed class FileLeafBlock(Cid cid, NodeShape shape, FileTree tree, long offset, UnixFsMetadata metadata, bool raw) : DagBlock(cid, shape.BlockLength)
{
    private readonly int _contentLength = (int)shape.FileBytes;

    public override FileSlice? Slice => raw && tree.Content.Path is { } path ? new FileSlice(path, offset, Length) : null;

    private protected override string Where => $"{tree.Content.Name}{Fault.PlaceSeparator}byte {offset}";

    private protected override async ValueTask FillAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        int start = raw ? 0 : FileForm.WrappedOffset(_contentLength, metadata);
        await tree.Content.ReadAsync(offset, destination.Slice(start, _contentLength), cancellationToken).ConfigureAwait(false);
        if (!raw)
            FileForm.Wrap(destination.Span, _contentLength, metadata);
    }
}
