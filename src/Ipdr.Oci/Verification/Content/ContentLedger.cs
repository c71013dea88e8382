using System.Collections.Concurrent;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Verification.Files;

namespace Ipdr.Oci.Verification.Content;

/// <summary>Collects what has to be known of every content, then reads each once, several side by side.</summary>
internal sealed class ContentLedger(TargetFiles files, ContentExaminer examiner, VerificationOptions options)
{
    // Each layer keeps several cores busy by itself; more of them at a time only cost memory.
    private const int LayersSideBySide = 4;

    private readonly Dictionary<TargetFile, ContentDemand> _demands = [];
    private readonly ConcurrentDictionary<TargetFile, ContentFacts> _facts = [];

    /// <summary>What reading the file has shown; only after <see cref="RunAsync"/>.</summary>
    public ContentFacts this[TargetFile file] => _facts[file.Canonical];

    /// <summary>Asks for a digest of the bytes as stored.</summary>
    public void Demand(TargetFile file, DigestAlgorithm algorithm) => DemandOf(file).Stored.Add(algorithm);

    /// <summary>Asks for the uncompressed bytes to be hashed and walked as a layer. A quick verification does neither.</summary>
    public void DemandLayer(TargetFile file, DigestAlgorithm algorithm)
    {
        ContentDemand demand = DemandOf(file);
        demand.Plain.Add(algorithm);
        demand.AsLayer |= !options.Quick;
    }

    /// <summary>Reads everything that was asked for.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        int degree = options.Quick ? options.DegreeOfParallelism : Math.Min(options.DegreeOfParallelism, LayersSideBySide);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = degree, CancellationToken = cancellationToken };
        // The largest first, or it would be the one that all others have to wait for.
        IEnumerable<(TargetFile File, ContentDemand Demand, int Order)> work = _demands.Select((demand, i) => (demand.Key, demand.Value, i))
            .OrderByDescending(item => item.Key.Size).ThenBy(item => item.i);
        PathBudget budget = new();
        await Parallel.ForEachAsync(work, parallel, async (item, token) =>
        {
            ContentFacts facts = await files.ExamineAsync(item.File, item.Demand, examiner, token).ConfigureAwait(false);
            _facts[item.File] = facts;
            budget.Spend(item.Order, facts.Layer);
        }).ConfigureAwait(false);
    }

    private ContentDemand DemandOf(TargetFile file)
    {
        if (!_demands.TryGetValue(file.Canonical, out ContentDemand? demand))
            _demands.Add(file.Canonical, demand = new ContentDemand());
        return demand;
    }
}
