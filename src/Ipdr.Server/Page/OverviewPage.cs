using Ipdr.Oci.Faults;

namespace Ipdr.Server.Page;

/// <summary>All repositories and their tags.</summary>
internal static class OverviewPage
{
    /// <param name="tags">The tags, those of one repository together.</param>
    /// <param name="next">The repository after which the next page begins; null on the last.</param>
    /// <param name="host">How the client calls this server.</param>
    /// <param name="isStored">Can it be pushed to?</param>
    public static Html Write(IReadOnlyList<TagView> tags, string? next, string host, bool isStored)
    {
        LayerPlot plot = LayerPlot.Of(tags);
        if (tags.Count == 0)
            return PageFrame.Wrap("ipdr", Empty(host, isStored));
        Html rows = Html.Join(tags.GroupBy(tag => tag.Repository).Select(group => Repository(group.Key.ToString(), [.. group], plot)));
        Html more = next is null ? Html.Empty : Of($"<p><a href=\"/?last={Uri.EscapeDataString(next)}\">More repositories</a></p>");
        return PageFrame.Wrap("ipdr", Of($"""
            <div class="top">
            <h1>Images</h1>
            <p class="facts">{Facts(tags)}</p>
            <label class="filter">Filter <input id="filter" type="search" autocomplete="off" placeholder="name, tag, platform, digest or CID" aria-keyshortcuts="/"> <kbd>/</kbd></label>
            </div>
            <p class="hint"><span class="legend">{Legend()}</span> A layer that several images have is stored once, and has one colour in all of them; grey ones are in no other image here.</p>
            {rows}{more}
            """));
    }

    private static Html Empty(string host, bool isStored) => Of($"""
        <h1>Images</h1>
        <p>There are none yet.</p>
        {(isStored ? Push(host) : Html.Empty)}
        <h2>Pull one by its CID</h2>
        <p class="hint">What is at hand, or behind a gateway that the server was told of, can be pulled though it has no name here.</p>
        {PageFrame.Example("Docker, by CID", $"docker pull {host}/bafy…")}
        """);

    private static Html Push(string host) => Of($"""
        <h2>Push one</h2>
        {PageFrame.Example("Docker", $"docker tag app:1.0 {host}/app:1.0 && docker push {host}/app:1.0")}
        {PageFrame.Example("ipdr", "ipdr push app.tar")}
        """);

    private static string Facts(IReadOnlyList<TagView> tags)
    {
        LayerView[] all = [.. tags.DistinctBy(tag => tag.Digest).SelectMany(tag => tag.Layers)];
        long stored = all.DistinctBy(layer => layer.Digest).Sum(layer => layer.Size), named = all.Sum(layer => layer.Size);
        int repositories = tags.Select(tag => tag.Repository).Distinct().Count();
        string unshared = named > stored ? $" ({ByteSize.Text(named)} without sharing)" : "";
        return $"{repositories} {(repositories == 1 ? "repository" : "repositories")} · {tags.Count} {(tags.Count == 1 ? "tag" : "tags")} · {ByteSize.Text(stored)} of layers{unshared}";
    }

    private static Html Legend() => Of(
        $"<svg aria-hidden=\"true\" width=\"48\" height=\"12\"><rect width=\"22\" height=\"12\" rx=\"2\" fill=\"oklch(0.62 0.14 255)\"/><rect x=\"24\" width=\"12\" height=\"12\" rx=\"2\" fill=\"oklch(0.62 0.14 32.5)\"/><rect x=\"38\" width=\"10\" height=\"12\" rx=\"2\" class=\"own\"/></svg>");

    private static Html Repository(string name, IReadOnlyList<TagView> tags, LayerPlot plot) => Of($"""
        <section class="repository panel">
        <h2>{name}</h2>
        <table>
        <thead><tr><th scope="col" class="c-tag">Tag<th scope="col" class="c-platforms">Platforms<th scope="col" class="c-size number">Size<th scope="col" class="c-layers">Layers<th scope="col" class="c-name">CID<th scope="col" class="c-name">Digest<th scope="col" class="c-state">State</tr></thead>
        <tbody>{Html.Join(tags.Select(tag => Row(tag, plot)))}</tbody>
        </table>
        </section>

        """);

    private static Html Row(TagView tag, LayerPlot plot) => Of($"""
        <tr>
        <th scope="row"><a href="{Address(tag)}">{tag.Tag}</a></th>
        <td data-label="Platforms"><span>{Html.Join(tag.Platforms.Select(platform => platform.Name).Where(name => name.Length > 0).Distinct().Select(Platform))}</span></td>
        <td data-label="Size" class="number">{ByteSize.Text(tag.Size)}</td>
        <td data-label="Layers">{plot.Bar(tag.Layers)}</td>
        <td data-label="CID"><code title="{tag.Cid}">{Short(tag.Cid?.ToString())}</code></td>
        <td data-label="Digest"><code title="{tag.Digest}">{Short(tag.Digest.ToString())}</code></td>
        <td data-label="State">{StateText.Of(tag.IsComplete)}</td>
        </tr>

        """);

    private static Html Platform(string name) => Of($"<span class=\"chip\">{name}</span> ");

    private static string Address(TagView tag) => $"/-/image?name={Uri.EscapeDataString(tag.Repository.ToString())}&tag={Uri.EscapeDataString(tag.Tag.ToString())}";

    private static string Short(string? text)
    {
        const int Shown = 15;
        return text is null ? "–" : text.Length <= Shown ? text : text[..Shown] + "…";
    }

    private static Html Of(Html html) => html;
}
