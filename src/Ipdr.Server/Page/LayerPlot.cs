using System.Globalization;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Server.Page;

/// <summary>Layers as a bar: as wide as they are large, and of one colour wherever the same layer is.</summary>
/// <param name="uses">How many images of the page have a layer.</param>
internal sealed class LayerPlot(IReadOnlyDictionary<Digest, int> uses)
{
    private const int Width = 240;
    private const int Height = 14;

    // Two layers side by side must be told apart, and a layer of nothing still be seen.
    private const double Gap = 1;
    private const double Least = 2;

    public static LayerPlot Of(IEnumerable<TagView> tags) => new(tags
        .SelectMany(tag => tag.Platforms.SelectMany(platform => platform.Layers).Select(layer => layer.Digest).Distinct().Select(layer => (layer, tag.Digest)).Distinct())
        .DistinctBy(pair => pair).GroupBy(pair => pair.layer).ToDictionary(group => group.Key, group => group.Select(pair => pair.Digest).Distinct().Count()));

    /// <summary>Other images of the page that have the layer.</summary>
    public int OthersWith(Digest layer) => Math.Max(0, uses.GetValueOrDefault(layer) - 1);

    /// <summary>The bar of some layers.</summary>
    public Html Bar(IReadOnlyList<LayerView> layers)
    {
        if (layers.Count == 0)
            return Html.Empty;
        double total = Math.Max(1, layers.Sum(layer => layer.Size)), room = Math.Max(1, Width - layers.Count * (Gap + Least)), x = 0;
        List<Html> parts = [];
        foreach (LayerView layer in layers)
        {
            double width = Least + room * (layer.Size / total);
            int others = OthersWith(layer.Digest);
            string shared = others == 0 ? "in no other image here" : others == 1 ? "shared with 1 image here" : $"shared with {others} images here";
            parts.Add(Part(layer, x, width, others > 0, shared));
            x += width + Gap;
        }
        string label = $"{layers.Count} layers, {ByteSize.Text(layers.Sum(layer => layer.Size))}, {layers.Count(layer => OthersWith(layer.Digest) > 0)} of them shared";
        return Whole(label, Html.Join(parts));
    }

    private static Html Part(LayerView layer, double x, double width, bool isShared, string shared) => Of(
        $"<rect x=\"{Number(x)}\" y=\"0\" width=\"{Number(width)}\" height=\"{Height}\" rx=\"1.5\" fill=\"hsl({HueOf(layer.Digest)} {(isShared ? 65 : 12)}% 55%)\"><title>{ByteSize.Text(layer.Size)}, {shared}, {layer.Digest}</title></rect>");

    private static Html Whole(string label, Html parts) => Of(
        $"<svg class=\"plot\" role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\">{parts}</svg>");

    private static Html Of(Html html) => html;

    private static int HueOf(Digest layer) => int.Parse(layer.Encoded.AsSpan(0, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture) % 360;

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
