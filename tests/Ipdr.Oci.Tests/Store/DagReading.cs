using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Store;

/// <summary>Reads all that a DAG has, every block of it.</summary>
internal sealed class DagReading(IBlockSource blocks)
{
    private readonly DagReader _reader = new(blocks);

    public async Task ReadAllAsync(Cid root)
    {
        await foreach (UnixFsEntry entry in _reader.WalkAsync(ContentPath.Of(root), TestContext.Current.CancellationToken))
        {
            if (entry.Kind != DagEntryKind.File)
                continue;
            await using Stream file = await _reader.OpenFileAsync(ContentPath.Of(entry.Cid), TestContext.Current.CancellationToken);
            await file.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        }
    }
}
