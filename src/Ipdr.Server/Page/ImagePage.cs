using Ipdr.Oci.Faults;

namespace Ipdr.Server.Page;

/// <summary>One tag: its names, how to pull it, its platforms and layers.</summary>
internal static class ImagePage
{
    /// <param name="tag">The tag.</param>
    /// <param name="plot">Knows which layers other images have.</param>
    /// <param name="host">How the client calls this server.</param>
    /// <param name="scheme">http or https.</param>
    /// <param name="isStored">Did it come in by a push?</param>
    public static Html Write(TagView tag, LayerPlot plot, string host, string scheme, bool isStored)
    {
        string name = $"{host}/{tag.Repository}:{tag.Tag}";
        string plain = scheme == "http" ? " --tls-verify=false" : "", plainHttp = scheme == "http" ? " --plain-http" : "";
        Html byCid = tag.Cid is { } cid
            ? Of($"{PageFrame.Command("Docker, by CID", $"docker pull {host}/{cid}")}{PageFrame.Command("IPFS", $"curl -o {cid}.car '{scheme}://{host}/ipfs/{cid}?format=car'")}")
            : Html.Empty;
        return PageFrame.Wrap($"{tag.Repository}:{tag.Tag}", Of($"""
            <nav><a href="/">All images</a></nav>
            <h1>{tag.Repository}<span class="tag">:{tag.Tag}</span></h1>
            <dl>
            <dt>CID<dd><code>{(tag.Cid is { } known ? known.ToString() : "not computed")}</code>
            <dt>Digest<dd><code>{tag.Digest}</code>
            <dt>Type<dd><code>{tag.Type}</code>
            <dt>Size<dd>{ByteSize.Text(tag.Size)}
            <dt>State<dd>{StateText.Of(tag.IsComplete)}<br><span class="hint">{StateText.Explain(tag.IsComplete, isStored)}</span>
            </dl>
            <h2>Pull it</h2>
            {PageFrame.Command("Docker", $"docker pull {name}")}
            {PageFrame.Command("Podman", $"podman pull{plain} {name}")}
            {PageFrame.Command("containerd", $"ctr images pull{plainHttp} {name}")}
            {byCid}
            {Html.Join(tag.Platforms.Select(platform => Platform(platform, plot)))}
            """));
    }

    private static Html Platform(PlatformView platform, LayerPlot plot) => Of($"""
        <section>
        <h2>{(platform.Name.Length > 0 ? platform.Name : "Manifest")}</h2>
        <dl>
        <dt>Manifest<dd><code>{platform.Manifest}</code>
        <dt>Image ID<dd><code>{platform.ImageId}</code>
        <dt>State<dd>{StateText.Of(platform.IsComplete)}
        </dl>
        {plot.Bar(platform.Layers)}
        <div class="scroll"><table>
        <thead><tr><th scope="col">#<th scope="col">Size<th scope="col">Shared with<th scope="col">Digest<th scope="col">Type<th scope="col">Here</tr></thead>
        <tbody>{Html.Join(platform.Layers.Select((layer, i) => Layer(i + 1, layer, plot)))}</tbody>
        </table></div>
        </section>

        """);

    private static Html Layer(int number, LayerView layer, LayerPlot plot) => Of($"""
        <tr><td class="number">{number}<td class="number">{ByteSize.Text(layer.Size)}<td class="number">{plot.OthersWith(layer.Digest)}<td><code>{layer.Digest}</code><td>{layer.Type}<td>{(layer.IsHere ? "✓" : "✗")}</tr>

        """);

    private static Html Of(Html html) => html;
}
