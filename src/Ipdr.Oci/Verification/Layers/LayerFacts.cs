using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Verification.Layers;

/// <summary>What walking a layer has shown.</summary>
internal sealed class LayerFacts
{
    /// <summary>What is dangerous or odd about the layer by itself.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Why the walk ended before the end of the layer.</summary>
    public Fault? Broken { get; init; }

    /// <summary>Keys of all names in the layer and of the folders above them, in order; null when there are too many to hold.</summary>
    public ulong[]? Paths { get; set; }

    /// <summary>What the layer hides of those below it.</summary>
    public IReadOnlyList<Whiteout> Whiteouts { get; init; } = [];

    private HashSet<ulong> Hidden => field ??= [.. Keys(opaque: false)];

    private HashSet<ulong> Opaque => field ??= [.. Keys(opaque: true)];

    /// <summary>Does the layer hide such a path of the layers below it?</summary>
    /// <param name="path">The path's key.</param>
    /// <param name="folders">The keys of the folders that it is in.</param>
    public bool Hides(ulong path, ulong[] folders) => Hidden.Contains(path) || folders.Any(folder => Hidden.Contains(folder) || Opaque.Contains(folder));

    /// <summary>Is there such a name, or a name below it? Not to be asked when <see cref="Paths"/> is null.</summary>
    public bool Has(ulong path) => Array.BinarySearch(Paths!, path) >= 0;

    private IEnumerable<ulong> Keys(bool opaque) => Whiteouts.Where(whiteout => whiteout.IsOpaque == opaque).Select(whiteout => PathTable.KeyOf(whiteout.Path));
}
