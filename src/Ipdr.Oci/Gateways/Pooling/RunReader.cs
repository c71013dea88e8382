using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>Reads a run from a CAR, whose blocks are checked already, and holds each against its place.</summary>
/// <param name="name">Who gives it, for messages.</param>
/// <param name="record">Is told of every block.</param>
/// <param name="clock">Tells how long a block took.</param>
internal sealed class RunReader(string name, SourceRecord record, TimeProvider clock)
{
    /// <summary>Takes the top of the file, and then the parts in their order: whoever sends anything else does not do what he says.</summary>
    /// <exception cref="SourceException">Blocks come in another order, are not asked for, or end too early.</exception>
    public async Task<RunOutcome> ReadAsync(FileRun run, CarBody answer, CancellationToken cancellationToken)
    {
        bool isBelowTop = false;
        long started = clock.GetTimestamp();
        while (await answer.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } block)
        {
            Cid? expected = !isBelowTop ? run.Plan.Cid : run.Arrived < run.Count ? run.Plan.Parts[run.First + run.Arrived] : null;
            if (block.Cid.Hash == expected?.Hash)
            {
                record.Succeeded(block.Bytes.Memory.Length, clock.GetElapsedTime(started));
                started = clock.GetTimestamp();
                if (isBelowTop)
                    run.Arrive(block.Bytes);
                else
                    block.Bytes.Dispose();
                isBelowTop = true;
                continue;
            }
            block.Bytes.Dispose();
            if (block.Cid.Hash.Code == MultihashCode.Identity)
                continue;
            if (isBelowTop && run.IsOfAnotherPart(block.Cid))
                return RunOutcome.WholeFile;
            if (isBelowTop && run.Arrived > 0 && run.Plan.Parts[run.First + run.Arrived - 1].Codec == Multicodec.DagPb)
                return RunOutcome.DeeperFile;
            throw run.Plan.Has(block.Cid) || !isBelowTop
                ? SourceFaults.Misbehaves(name, "its CAR has blocks in another order than it says", $"block {expected}", $"block {block.Cid}")
                : SourceFaults.Misbehaves(name, "its CAR has a block that nobody asked for", actual: $"block {block.Cid}");
        }
        return run.Arrived == run.Count ? RunOutcome.Run : throw SourceFaults.CutOff(name, $"of {run.Count} blocks of a CAR came {run.Arrived}");
    }
}
