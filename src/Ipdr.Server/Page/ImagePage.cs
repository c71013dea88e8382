using Ipdr.Oci.Faults;

namespace Ipdr.Server.Page;

/// <summary>One tag: its names, how to pull it, what is verified, its platforms and layers.</summary>
internal static class ImagePage
{
    /// <param name="tag">The tag.</param>
    /// <param name="plot">Knows which layers other images have.</param>
    /// <param name="host">How the client calls this server.</param>
    /// <param name="scheme">http or https.</param>
    public static Html Write(TagView tag, LayerPlot plot, string host, string scheme)
    {
        string name = $"{host}/{tag.Repository}:{tag.Tag}";
        string plain = scheme == "http" ? " --tls-verify=false" : "", plainHttp = scheme == "http" ? " --plain-http" : "";
        // The tag says which, where a layout holds several.
        Html byCid = tag.Cid is { } cid
            ? Of($"{PageFrame.Command("Docker, by CID", $"docker pull {host}/{cid}:{tag.Tag}")}{PageFrame.Command("IPFS", $"curl -o {cid}.car '{scheme}://{host}/ipfs/{cid}?format=car'")}")
            : Html.Empty;
        return PageFrame.Wrap($"{tag.Repository}:{tag.Tag}", Of($"""
            <nav aria-label="Where you are"><a href="/">All images</a></nav>
            <div class="top">
            <h1>{tag.Repository}<span class="tag">:{tag.Tag}</span></h1>
            {StateText.Of(tag.IsComplete)}
            <p class="facts">{Facts(tag)}</p>
            </div>
            <dl class="names">
            {(tag.Cid is { } known ? PageFrame.Name("CID", known.ToString()) : Of($"<dt>CID<dd class=\"hint\">not known yet"))}
            {PageFrame.Name("Digest", tag.Digest.ToString())}
            <dt>Type<dd><code>{tag.Type}</code>
            </dl>
            <h2>Pull it</h2>
            {PageFrame.Command("Docker", $"docker pull {name}")}
            {PageFrame.Command("Podman", $"podman pull{plain} {name}")}
            {PageFrame.Command("containerd", $"ctr images pull{plainHttp} {name}")}
            {byCid}
            <h2>What is verified</h2>
            {StateText.Explain(tag)}
            {Html.Join(tag.Platforms.Select(platform => Platform(platform, plot)))}
            """));
    }

    private static string Facts(TagView tag) =>
        $"{ByteSize.Text(tag.Size)} · {tag.Layers.Count} {(tag.Layers.Count == 1 ? "layer" : "layers")} · {(tag.Platforms.Count == 1 ? "1 manifest" : $"{tag.Platforms.Count} manifests")}";

    private static Html Platform(PlatformView platform, LayerPlot plot) => Of($"""
        <section class="panel">
        <div class="top">
        <h2>{(platform.Name.Length > 0 ? platform.Name : "Manifest")}</h2>
        {StateText.Of(platform.IsComplete)}
        <p class="facts">{ByteSize.Text(platform.Size)}</p>
        </div>
        {plot.Bar(platform.Layers)}
        <dl class="names">
        {PageFrame.Name("Manifest", platform.Manifest.ToString())}
        {(platform.ImageId is { } id ? PageFrame.Name("Image ID", id.ToString()) : Html.Empty)}
        </dl>
        {(platform.Layers.Count > 0 ? Layers(platform, plot) : Html.Empty)}
        </section>

        """);

    private static Html Layers(PlatformView platform, LayerPlot plot) => Of($"""
        <table class="layers">
        <thead><tr><th scope="col" class="c-number number">Layer<th scope="col" class="c-size number">Size<th scope="col" class="c-shared">Shared<th scope="col">Digest<th scope="col" class="c-type">Type<th scope="col" class="c-here">Here</tr></thead>
        <tbody>{Html.Join(platform.Layers.Select((layer, i) => Layer(i + 1, layer, plot)))}</tbody>
        </table>
        """);

    private static Html Layer(int number, LayerView layer, LayerPlot plot) => Of($"""
        <tr><th scope="row" class="number">{plot.Swatch(layer.Digest)} <span class="narrow">Layer </span>{number}<td data-label="Size" class="number">{ByteSize.Text(layer.Size)}<td data-label="Shared">{Shared(plot.OthersWith(layer.Digest))}<td data-label="Digest"><code>{layer.Digest}</code><td data-label="Type" title="{layer.Type}">{ShortType(layer.Type)}<td data-label="Here">{(layer.IsHere ? Of($"<span class=\"good\">✓ yes</span>") : Of($"<span class=\"bad\">✗ no</span>"))}</tr>

        """);

    private static string Shared(int others) => others switch
    {
        0 => "–",
        1 => "1 other image",
        _ => $"{others} other images",
    };

    // What all layers of images have in common says nothing.
    private static string ShortType(string type) => type
        .Replace("application/vnd.oci.image.layer.", "", StringComparison.Ordinal)
        .Replace("application/vnd.docker.image.rootfs.", "", StringComparison.Ordinal);

    private static Html Of(Html html) => html;
}
