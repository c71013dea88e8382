using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Directories;

/// <summary>The block of a directory that is not sharded.</summary>
internal sealed class DirectoryBlock(Cid cid, int length, DirectoryEntry[] entries, UnixFsMetadata metadata) : DagBlock(cid, length)
{
    private protected override ValueTask FillAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        DirectoryForm.Write(destination.Span, entries, metadata);
        return ValueTask.CompletedTask;
    }
}
