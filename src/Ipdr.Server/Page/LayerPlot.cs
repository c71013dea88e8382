using System.Globalization;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Server.Page;

/// <summary>Layers as a bar: as wide as they are large. What several images have is of one colour everywhere, the rest is grey.</summary>
internal sealed class LayerPlot
{
    // A layer of nothing is still seen.
    private const double LeastPercent = 0.8;

    // Steps of the golden angle: as many hues as are asked for, and neighbours far apart.
    private const double HueStep = 137.508, FirstHue = 255;

    // How many images of the page have a layer.
    private readonly Dictionary<Digest, int> _uses;
    private readonly Dictionary<Digest, int> _hues;

    private LayerPlot(Dictionary<Digest, int> uses)
    {
        _uses = uses;
        _hues = uses.Where(use => use.Value > 1).OrderByDescending(use => use.Value).ThenBy(use => use.Key.ToString(), StringComparer.Ordinal).Select((use, i) => (use.Key, i)).ToDictionary();
    }

    /// <summary>The plot of the images of one page; tags of one image count once.</summary>
    public static LayerPlot Of(IEnumerable<TagView> tags) => new(tags.DistinctBy(tag => tag.Digest)
        .SelectMany(tag => tag.Platforms.SelectMany(platform => platform.Layers).Select(layer => layer.Digest).Distinct())
        .CountBy(layer => layer).ToDictionary());

    /// <summary>Other images of the page that have the layer.</summary>
    public int OthersWith(Digest layer) => Math.Max(0, _uses.GetValueOrDefault(layer) - 1);

    /// <summary>The bar of some layers.</summary>
    public Html Bar(IReadOnlyList<LayerView> layers)
    {
        if (layers.Count == 0)
            return Html.Empty;
        double total = Math.Max(1, layers.Sum(layer => layer.Size)), room = Math.Max(0, 100 - layers.Count * LeastPercent), x = 0;
        List<Html> parts = [];
        foreach (LayerView layer in layers)
        {
            double width = Math.Min(LeastPercent, 100.0 / layers.Count) + room * (layer.Size / total);
            parts.Add(Part(layer, x, width));
            x += width;
        }
        string label = $"{layers.Count} layers, {ByteSize.Text(layers.Sum(layer => layer.Size))}, {layers.Count(layer => OthersWith(layer.Digest) > 0)} of them shared";
        return Of($"<svg class=\"plot\" role=\"img\" aria-label=\"{label}\" width=\"100%\" height=\"14\">{Html.Join(parts)}</svg>");
    }

    /// <summary>The colour of one layer.</summary>
    public Html Swatch(Digest layer) => Of($"<svg class=\"swatch\" aria-hidden=\"true\" width=\"12\" height=\"12\"><rect width=\"12\" height=\"12\" rx=\"2\" {Fill(layer)}/></svg>");

    /// <summary>With whom a layer is shared, in words.</summary>
    public string Sharing(Digest layer) => OthersWith(layer) switch
    {
        0 => "in no other image here",
        1 => "shared with 1 image here",
        int others => $"shared with {others} images here",
    };

    private Html Part(LayerView layer, double x, double width) => Of(
        $"<rect x=\"{Number(x)}%\" width=\"{Number(width)}%\" height=\"100%\" {Fill(layer.Digest)}><title>{ByteSize.Text(layer.Size)}, {Sharing(layer.Digest)}, {layer.Digest}</title></rect>");

    // Of one lightness, which stands out from white and from black.
    private Html Fill(Digest layer) => _hues.TryGetValue(layer, out int hue)
        ? Of($"fill=\"oklch(0.62 0.14 {Number((FirstHue + hue * HueStep) % 360)})\"")
        : Of($"class=\"own\"");

    private static Html Of(Html html) => html;

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
