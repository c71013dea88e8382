using Ipdr.Oci.Verification.Layers;

namespace Ipdr.Oci.Verification.Content;

/// <summary>Bounds the memory for the paths of all layers together, in a way that does not depend on which layer is done first.</summary>
/// <remarks>
/// Layers keep their paths in the order in which documents name them; the first for which there is no room loses its own, and so do all after it. Whatever
/// order they come in, that is the same layer in the end: those before it fit together, and with it they do not.
/// </remarks>
internal sealed class PathBudget
{
    // 64 MB of keys, eight times what the largest known images have.
    private const int MaxPaths = 8_000_000;

    private readonly SortedList<int, LayerFacts> _kept = [];
    private readonly Lock _lock = new();
    private int _cutOff = int.MaxValue;
    private long _paths;

    /// <summary>Takes what a layer's paths need, or makes the layer forget them.</summary>
    /// <param name="order">Which of all layers it is; each once.</param>
    /// <param name="layer">The layer; nothing happens without one.</param>
    public void Spend(int order, LayerFacts? layer)
    {
        if (layer?.Paths is null)
            return;
        lock (_lock)
        {
            _paths += layer.Paths.Length;
            _kept.Add(order, layer);
            while (_kept.Count > 0 && (_paths > MaxPaths || _kept.GetKeyAtIndex(_kept.Count - 1) >= _cutOff))
            {
                LayerFacts last = _kept.GetValueAtIndex(_kept.Count - 1);
                _cutOff = Math.Min(_cutOff, _kept.GetKeyAtIndex(_kept.Count - 1));
                _kept.RemoveAt(_kept.Count - 1);
                _paths -= last.Paths!.Length;
                last.Paths = null;
            }
        }
    }
}
