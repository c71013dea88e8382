using System.Buffers;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>Where blocks come from that are fetched before they are asked for.</summary>
internal interface IAheadSource
{
    /// <summary>Fetches one block; null if nobody has it.</summary>
    Task<IMemoryOwner<byte>?> FetchAsync(Cid cid);

    /// <summary>How the next parts of a file are to be fetched, and for a run who is asked, who has kept a place for it until <see cref="Lane.EndRun"/>.</summary>
    (RunChoice Choice, Lane? Lane) Choose();

    /// <summary>Asks for all parts of a run, and gives the place back. It ends without an exception, whatever happens.</summary>
    Task FetchAsync(FileRun run);

    /// <summary>Whether a block of a run has kept its reader waiting for so long that it is better asked for by itself.</summary>
    /// <returns>How long it is worth to wait still; null where waiting is all that can be done.</returns>
    TimeSpan? PatienceWith(FileRun run);
}
