using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Store.Naming;

/// <summary>A file whose blocks the store has already: only its name goes into a directory.</summary>
internal sealed class StoredFileNode(Cid cid, long length, long cumulativeSize) : DagNode(cid, cumulativeSize)
{
    public override DagEntryKind Kind => DagEntryKind.File;

    public override long FileSize => length;

    public override DagStep Root => new(new StoredBlock(Cid), []);
}
