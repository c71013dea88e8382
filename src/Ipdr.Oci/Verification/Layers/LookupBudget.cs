namespace Ipdr.Oci.Verification.Layers;

/// <summary>Bounds the time that is spent on whiteouts: hostile documents can name one layer with many of them any number of times.</summary>
internal sealed class LookupBudget
{
    // Some seconds. An honest image needs a thousand whiteouts times a hundred layers.
    private const long MaxLookups = 20_000_000;

    private long _left = MaxLookups;

    public bool IsSpent => _left <= 0;

    /// <summary>Spends the lookups for one whiteout; false when there are none left.</summary>
    public bool Spend(int layers) => (_left -= layers + 1) > 0;
}
