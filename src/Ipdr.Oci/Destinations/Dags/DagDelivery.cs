using System.Buffers;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Destinations.Dags;

/// <summary>Hands a DAG to any number of destinations at once: each block is read and checked once, and one destination that fails does not stop the others.</summary>
public static class DagDelivery
{
    // A bit for each.
    private const int MaxDestinations = 64;

    /// <summary>Hands a DAG over.</summary>
    /// <param name="root">Its root.</param>
    /// <param name="blocks">Where all its blocks are.</param>
    /// <param name="title">What people call it; may be null.</param>
    /// <param name="destinations">Where it goes; they stay the caller's.</param>
    /// <param name="observer">Is told of the progress; may be null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What became of it at each destination, in their order.</returns>
    /// <exception cref="IpdrException">A block is missing or damaged here.</exception>
    public static async Task<IReadOnlyList<DagDelivered>> DeliverAsync(
        Cid root, IBlockSource blocks, string? title, IReadOnlyList<IDagDestination> destinations, IContentObserver? observer = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentNullException.ThrowIfNull(destinations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destinations.Count, MaxDestinations);
        DagOffer offer = await DescribeAsync(root, blocks, title, cancellationToken).ConfigureAwait(false);
        Dictionary<IDagDestination, DagDelivered> results = [];
        foreach (IGrouping<bool, IDagDestination> turn in destinations.GroupBy(destination => destination.TakesBlocks).OrderByDescending(group => group.Key))
        {
            IDagDestination[] members = [.. turn];
            IReadOnlyList<DagDelivered> delivered = await DeliverAsync(offer, blocks, members, observer, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < members.Length; i++)
                results[members[i]] = delivered[i];
        }
        return [.. destinations.Select(destination => results[destination])];
    }

    private static async Task<DagOffer> DescribeAsync(Cid root, IBlockSource blocks, string? title, CancellationToken cancellationToken)
    {
        Dictionary<Cid, long> files = [];
        await foreach (UnixFsEntry entry in new DagReader(blocks).WalkAsync(ContentPath.Of(root), cancellationToken).ConfigureAwait(false))
        {
            if (entry.Kind == DagEntryKind.File)
                files[entry.Cid] = entry.Size;
        }
        return new DagOffer(root, title, [.. files.Keys.Where(file => file.Codec == Multicodec.DagPb)], files.Values.Sum());
    }

    private static async Task<IReadOnlyList<DagDelivered>> DeliverAsync(
        DagOffer offer, IBlockSource blocks, IDagDestination[] destinations, IContentObserver? observer, CancellationToken cancellationToken)
    {
        DagLane[] lanes = [.. destinations.Select(destination => new DagLane(destination, offer))];
        try
        {
            await Task.WhenAll(lanes.Select(lane => lane.AskAsync(offer, cancellationToken))).ConfigureAwait(false);
            DagLane[] able = [.. lanes.Where(lane => !lane.HasFailed)];
            foreach (DagLane lane in able)
                observer?.Started(lane.Progress);
            Task[] receiving = [.. able.Select(lane => lane.RunAsync(offer, cancellationToken))];
            Exception? failure = null;
            try
            {
                if (destinations[0].TakesBlocks)
                    await SendAsync(offer.Root, blocks, able, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (Note(e, out failure))
            {
                throw;
            }
            finally
            {
                foreach (DagLane lane in able)
                    lane.Complete(failure);
                await Task.WhenAll(receiving).ConfigureAwait(failure is null ? ConfigureAwaitOptions.None : ConfigureAwaitOptions.SuppressThrowing);
            }
            foreach (DagLane lane in able)
                observer?.Finished(lane.Progress);
            return [.. lanes.Select(lane => lane.Result)];
        }
        finally
        {
            foreach (DagLane lane in lanes)
                lane.Dispose();
        }
    }

    private static bool Note(Exception e, out Exception? noted)
    {
        noted = e;
        return true;
    }

    // Depth first, in the order of the links, as ipfs dag export does.
    private static async Task SendAsync(Cid root, IBlockSource source, DagLane[] lanes, CancellationToken cancellationToken)
    {
        DagLimits limits = new();
        CheckedBlocks blocks = new(source, limits);
        Dictionary<Cid, ulong> sent = [];
        Stack<(Cid Cid, ulong Wanted)> left = new([(root, lanes.Length == MaxDestinations ? ulong.MaxValue : (1UL << lanes.Length) - 1)]);
        while (left.TryPop(out (Cid Cid, ulong Wanted) next))
        {
            ulong before = sent.GetValueOrDefault(next.Cid), wanted = next.Wanted & ~before & ~HeldBy(next.Cid, lanes);
            if (wanted == 0 || next.Cid.Hash.Code == MultihashCode.Identity)
                continue;
            sent[next.Cid] = before | wanted;
            IMemoryOwner<byte> block = await blocks.ReadAsync(next.Cid, cancellationToken).ConfigureAwait(false);
            if (next.Cid.Codec == Multicodec.DagPb)
            {
                foreach (DagPbLink link in DagPbNode.Decode(next.Cid, block.Memory.Span, limits.MaxLinks).Links.Reverse())
                    left.Push((link.Cid, wanted));
            }
            SharedBlock shared = new(next.Cid, block, System.Numerics.BitOperations.PopCount(wanted));
            for (int i = 0; i < lanes.Length; i++)
            {
                if ((wanted & (1UL << i)) != 0)
                    await lanes[i].SendAsync(shared, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Those that have it, and those that take nothing any more.
    private static ulong HeldBy(Cid cid, DagLane[] lanes)
    {
        ulong held = 0;
        for (int i = 0; i < lanes.Length; i++)
            held |= lanes[i].HasFailed || lanes[i].Present.Contains(cid) ? 1UL << i : 0;
        return held;
    }
}
