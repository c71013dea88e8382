using Ipdr.Oci.Faults;

namespace Ipdr.Server.Page;

/// <summary>All repositories and their tags.</summary>
internal static class OverviewPage
{
    public static Html Write(IReadOnlyList<TagView> tags, string? next)
    {
        LayerPlot plot = LayerPlot.Of(tags);
        if (tags.Count == 0)
            return PageFrame.Wrap("ipdr", Of($"<h1>Images</h1><p>There are none yet. Push one, or ask for one by its CID: <code>docker pull HOST/bafy…</code></p>"));
        Html rows = Html.Join(tags.GroupBy(tag => tag.Repository).Select(group => Repository(group.Key.ToString(), [.. group], plot)));
        Html more = next is null ? Html.Empty : Of($"<p><a href=\"/?last={Uri.EscapeDataString(next)}\">More repositories</a></p>");
        return PageFrame.Wrap("ipdr", Of($"""
            <h1>Images</h1>
            <p><label>Filter <input id="filter" type="search" autocomplete="off" placeholder="name, tag, platform, digest or CID" aria-keyshortcuts="/"></label></p>
            <p class="hint">Layers of one colour are the same bytes, stored once. Grey ones are in no other image here.</p>
            {rows}{more}
            """));
    }

    private static Html Repository(string name, IReadOnlyList<TagView> tags, LayerPlot plot) => Of($"""
        <section class="repository">
        <h2>{name}</h2>
        <div class="scroll"><table>
        <thead><tr><th scope="col">Tag<th scope="col">Platforms<th scope="col">Size<th scope="col">Layers<th scope="col">CID<th scope="col">Digest<th scope="col">State</tr></thead>
        <tbody>{Html.Join(tags.Select(tag => Row(tag, plot)))}</tbody>
        </table></div>
        </section>

        """);

    private static Html Row(TagView tag, LayerPlot plot) => Of($"""
        <tr>
        <th scope="row"><a href="{Address(tag)}">{tag.Tag}</a></th>
        <td>{string.Join(", ", tag.Platforms.Select(platform => platform.Name).Where(platform => platform.Length > 0).Distinct())}</td>
        <td class="number">{ByteSize.Text(tag.Size)}</td>
        <td>{plot.Bar([.. tag.Platforms.SelectMany(platform => platform.Layers).DistinctBy(layer => layer.Digest)])}</td>
        <td><code title="{tag.Cid}">{Short(tag.Cid?.ToString())}</code></td>
        <td><code title="{tag.Digest}">{Short(tag.Digest.ToString())}</code></td>
        <td>{StateText.Of(tag.IsComplete)}</td>
        </tr>

        """);

    private static string Address(TagView tag) => $"/-/image?name={Uri.EscapeDataString(tag.Repository.ToString())}&tag={Uri.EscapeDataString(tag.Tag.ToString())}";

    private static string Short(string? text)
    {
        const int Shown = 19;
        return text is null ? "" : text.Length <= Shown ? text : text[..Shown] + "…";
    }

    private static Html Of(Html html) => html;
}
