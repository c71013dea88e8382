using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Verification.Layers;

/// <summary>The layers of one image, bottom first: finds whiteouts that hide nothing.</summary>
internal sealed class LayerStack(LookupBudget budget)
{
    private readonly List<LayerFacts?> _levels = [];

    /// <summary>Puts a layer on top and judges its whiteouts by what is below.</summary>
    /// <param name="file">The blob, as findings call it.</param>
    /// <param name="layer">What is in it; null when that is not known, and then nothing above it is judged by it.</param>
    public IReadOnlyList<Finding> Add(string file, LayerFacts? layer)
    {
        List<Finding> findings = [];
        bool unjudged = false;
        foreach (Whiteout whiteout in (layer?.Whiteouts ?? []).Where(whiteout => whiteout.Path.Length > 0).TakeWhile(_ => budget.Spend(_levels.Count)))
        {
            bool? exists = Exists(whiteout.Path);
            if (exists == false)
                findings.Add(Dangling(file, whiteout));
            unjudged |= exists is null;
        }
        if (budget.IsSpent || (unjudged && _levels.Any(level => level is { Paths: null })))
            findings.Add(Finding.Of(FaultCode.Unchecked, "there are too many paths or whiteouts to tell whether all whiteouts hide something", new Place(file)));
        _levels.Add(layer);
        return findings;
    }

    /// <summary>Is there such a path when all layers so far are applied? Null when that cannot be told.</summary>
    private bool? Exists(string path)
    {
        ulong key = PathTable.KeyOf(path);
        ulong[] folders = [.. PathKey.OfFolders(path).Select(PathTable.Key)];
        for (int i = _levels.Count - 1; i >= 0; i--)
        {
            if (_levels[i] is not { Paths: not null } level)
                return null;
            if (level.Has(key))
                return true;
            if (level.Hides(key, folders))
                return false;
        }
        return false;
    }

    private static Finding Dangling(string file, Whiteout whiteout) => Finding.Of(
        FaultCode.DanglingWhiteout,
        whiteout.IsOpaque ? "the opaque whiteout hides nothing: no layer below has this folder" : "the whiteout hides nothing: no layer below has what it names",
        new Place(file) { Member = whiteout.Name });
}
