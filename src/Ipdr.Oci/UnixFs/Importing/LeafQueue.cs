using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.UnixFs.Importing;

/// <summary>Brings the leaves of runs that were hashed side by side into the order of the file.</summary>
internal sealed class LeafQueue(FileBuilder builder, int runLength, string name)
{
    private readonly Dictionary<long, (int Length, List<(Multihash Hash, int Length)> Leaves)> _early = [];
    private readonly Lock _lock = new();
    private long _next;
    private bool _ended;

    /// <summary>Takes the leaves of a run, in any order of runs.</summary>
    /// <exception cref="IpdrException">Content follows a run that was not full: the file grows while it is read.</exception>
    public void Add(ContentRun run, List<(Multihash Hash, int Length)> leaves)
    {
        lock (_lock)
        {
            _early.Add(run.Index, (run.Length, leaves));
            while (_early.Remove(_next, out (int Length, List<(Multihash Hash, int Length)> Leaves) ready))
            {
                if (_ended && ready.Length > 0)
                    throw Growing();
                foreach ((Multihash hash, int length) in ready.Leaves)
                    builder.AddLeaf(hash.Digest, length);
                _ended = ready.Length < runLength;
                _next++;
            }
        }
    }

    private IpdrException Growing() =>
        new(new Fault(FaultCode.DigestMismatch, "the file changes while it is read", name, "Run the command again when nobody writes there."));
}
