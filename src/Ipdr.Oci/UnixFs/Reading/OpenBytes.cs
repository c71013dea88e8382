using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>Counts the bytes of nodes that one reading holds at the same time.</summary>
internal sealed class OpenBytes(int limit)
{
    private long _taken;

    /// <exception cref="Faults.IpdrException">That would be too many.</exception>
    public void Take(Cid cid, int count)
    {
        if (_taken + count > limit)
            throw DagFaults.Limit(DagFaults.Place(cid), "too many bytes of nodes lead to this one", nameof(DagLimits.MaxOpenBytes), limit, _taken + count);
        _taken += count;
    }

    public void Return(int count) => _taken -= count;
}
