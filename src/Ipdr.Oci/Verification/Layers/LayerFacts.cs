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

    /// <summary>Is there such a name, or a name below it? Not to be asked when <see cref="Paths"/> is null.</summary>
    public bool Has(ulong path) => Array.BinarySearch(Paths!, path) >= 0;
}
