using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Verification.Layers;

/// <summary>The layers of one image, bottom first: finds whiteouts that hide nothing.</summary>
internal sealed class LayerStack
{
    private readonly List<Level> _levels = [];

    /// <summary>Puts a layer on top and judges its whiteouts by what is below.</summary>
    /// <param name="file">The blob, as findings call it.</param>
    /// <param name="layer">What is in it; null when that is not known, and then nothing above it is judged by it.</param>
    public IReadOnlyList<Finding> Add(string file, LayerFacts? layer)
    {
        List<Finding> findings = [];
        bool unjudged = false;
        foreach (Whiteout whiteout in (layer?.Whiteouts ?? []).Where(whiteout => whiteout.Path.Length > 0))
        {
            bool? exists = Exists(whiteout.Path);
            if (exists == false)
                findings.Add(Dangling(file, whiteout));
            unjudged |= exists is null;
        }
        if (unjudged && _levels.Any(level => level.Layer is { Paths: null }))
            findings.Add(Finding.Of(FaultCode.Unchecked, "the layers below have too many paths to tell whether all whiteouts hide something", new Place(file)));
        _levels.Add(new Level(layer));
        return findings;
    }

    /// <summary>Is there such a path when all layers so far are applied? Null when that cannot be told.</summary>
    private bool? Exists(string path)
    {
        ulong key = PathTable.KeyOf(path);
        ulong[] folders = [.. PathKey.OfFolders(path).Select(PathTable.Key)];
        for (int i = _levels.Count - 1; i >= 0; i--)
        {
            Level level = _levels[i];
            if (level.Layer?.Paths is null)
                return null;
            if (level.Layer.Has(key))
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

    private sealed class Level(LayerFacts? layer)
    {
        private readonly HashSet<ulong> _hidden = [.. Keys(layer, opaque: false)];
        private readonly HashSet<ulong> _opaque = [.. Keys(layer, opaque: true)];

        public LayerFacts? Layer => layer;

        public bool Hides(ulong key, ulong[] folders) =>
            _hidden.Contains(key) || (folders.Length > 0 && folders.Any(folder => _hidden.Contains(folder) || _opaque.Contains(folder)));

        private static IEnumerable<ulong> Keys(LayerFacts? layer, bool opaque) =>
            (layer?.Whiteouts ?? []).Where(whiteout => whiteout.IsOpaque == opaque).Select(whiteout => PathTable.KeyOf(whiteout.Path));
    }
}
