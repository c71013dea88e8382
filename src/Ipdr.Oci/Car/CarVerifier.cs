using System.Buffers;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Car;

/// <summary>Goes through a whole CAR: every frame, every hash, every link, every file. It reports all that is wrong, not the first thing.</summary>
public sealed class CarVerifier
{
    /// <summary>So many faults are told; there is no news in the ones after them.</summary>
    public const int MaxFaults = 1000;

    private readonly CarLimits _limits;
    private readonly List<Fault> _faults = [];
    private readonly HashSet<Multihash> _present = [];
    private readonly Dictionary<Multihash, Cid> _awaited = [];
    private CarReport _report = new(Header: null);

    private CarVerifier(CarLimits limits) => _limits = limits;

    /// <summary>Checks the CAR at a path.</summary>
    /// <param name="path">A file; it is read twice if nothing is wrong with its blocks.</param>
    /// <param name="carLimits">What is too much in the CAR; the defaults if null.</param>
    /// <param name="dagLimits">What is too much in its DAGs; the defaults if null.</param>
    /// <param name="cancellationToken">Stops the checking.</param>
    /// <exception cref="IpdrException">The file cannot be read.</exception>
    public static async Task<CarReport> VerifyAsync(string path, CarLimits? carLimits = null, DagLimits? dagLimits = null, CancellationToken cancellationToken = default)
    {
        CarVerifier verifier = new(carLimits ?? new CarLimits());
        await verifier.ReadBlocksAsync(path, cancellationToken).ConfigureAwait(false);
        verifier.TellMissing();
        if (verifier._faults.Count == 0)
            await verifier.ReadTreesAsync(path, dagLimits ?? new DagLimits(), cancellationToken).ConfigureAwait(false);
        return verifier._report with { Faults = verifier._faults };
    }

    private async Task ReadBlocksAsync(string path, CancellationToken cancellationToken)
    {
        FileStream file = Open(path);
        await using (file.ConfigureAwait(false))
        {
            System.IO.Pipelines.PipeReader input = CarReader.CreateInput(file);
            try
            {
                using CarReader reader = await CarReader.OpenAsync(input, _limits, cancellationToken).ConfigureAwait(false);
                _report = _report with { Header = reader.Header };
                using BlockHashes hashes = new();
                while (await reader.ReadNextUnverifiedAsync(cancellationToken).ConfigureAwait(false) is { } block)
                    Take(block, hashes);
            }
            catch (CarFormatException e)
            {
                // Where the next section would begin is not known any more.
                Tell(e.Fault);
            }
            finally
            {
                await input.CompleteAsync().ConfigureAwait(false);
            }
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message.TrimEnd('.'), path, "Check that it is a file that may be read."), e);
        }
    }

    private void Take(CarBlock block, BlockHashes hashes)
    {
        _report = _report with { Blocks = _report.Blocks + 1, BlockBytes = _report.BlockBytes + block.Data.Length };
        try
        {
            hashes.Check(block);
            if (_present.Count + _awaited.Count >= _limits.MaxBlocks)
                throw CarFaults.Limit("the CAR has too many blocks", block.Offset, nameof(CarLimits.MaxBlocks), _limits.MaxBlocks, "more");
            if (!_present.Add(block.Cid.Hash))
                _report = _report with { RepeatedBlocks = _report.RepeatedBlocks + 1 };
            else if (block.Cid.Codec == Multicodec.DagPb)
                Await(block);
            else if (block.Cid.Codec != Multicodec.Raw)
                _report = _report with { OpaqueBlocks = _report.OpaqueBlocks + 1 };
            _awaited.Remove(block.Cid.Hash);
        }
        catch (IpdrException e) when (e.Fault.Code != FaultCode.Limit)
        {
            Tell(e is CarFormatException ? e.Fault : e.Fault.Within(CarFaults.Place(block.Offset)));
        }
    }

    private void Await(CarBlock block)
    {
        ReadOnlySpan<byte> bytes = block.Data.IsSingleSegment ? block.Data.FirstSpan : block.Data.ToArray();
        foreach (DagPbLink link in DagPbNode.Decode(block.Cid, bytes, new DagLimits().MaxLinks).Links)
        {
            if (link.Cid.Hash.Code != MultihashCode.Identity && !_present.Contains(link.Cid.Hash))
                _awaited.TryAdd(link.Cid.Hash, link.Cid);
        }
    }

    private void TellMissing()
    {
        foreach (Cid root in _report.Header?.Roots ?? [])
        {
            if (root.Hash.Code != MultihashCode.Identity && !_present.Contains(root.Hash) && !_awaited.ContainsKey(root.Hash))
                Tell(DagFaults.Missing(root).Fault.Within("root"));
        }
        foreach (Cid cid in _awaited.Values)
            Tell(DagFaults.Missing(cid).Fault);
    }

    private async Task ReadTreesAsync(string path, DagLimits limits, CancellationToken cancellationToken)
    {
        // All of them are there; what is kept of them now is another thing.
        _present.Clear();
        _present.TrimExcess();
        using CarFile car = await CarFile.OpenAsync(path, _limits, cancellationToken).ConfigureAwait(false);
        TreeMeasure measure = new(new NodeReader(car, limits), readsFiles: true);
        long entries = 0, bytes = 0;
        foreach (Cid root in car.Header.Roots.Distinct().Where(root => root.Codec is Multicodec.DagPb or Multicodec.Raw))
        {
            try
            {
                TreeExtent extent = await measure.MeasureAsync(root, cancellationToken).ConfigureAwait(false);
                entries += extent.Entries;
                bytes += extent.Bytes;
            }
            catch (IpdrException e)
            {
                Tell(e.Fault.Within($"root {root}"));
            }
        }
        if (_faults.Count == 0)
            _report = _report with { Entries = entries, FileBytes = bytes };
    }

    private void Tell(Fault fault)
    {
        if (_faults.Count < MaxFaults)
            _faults.Add(fault);
    }
}
