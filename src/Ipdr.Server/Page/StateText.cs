namespace Ipdr.Server.Page;

/// <summary>How far an image is here and verified.</summary>
internal static class StateText
{
    /// <summary>In two words.</summary>
    public static Html Of(bool isComplete) => isComplete
        ? Of($"<span class=\"good state\">✓ complete</span>")
        : Of($"<span class=\"bad state\">✗ parts are missing</span>");

    /// <summary>What has been verified, point by point.</summary>
    public static Html Explain(TagView tag)
    {
        int here = tag.Layers.Count(layer => layer.IsHere), broken = tag.Platforms.Count(platform => !platform.IsComplete);
        return Of($"""
            <ul class="checks">
            <li class="yes">The manifest hashes to its digest: it was held against it for this page.
            {Parts(tag.Layers.Count, here, broken, tag.Platforms.Count)}
            {Blobs(tag.Check)}
            {Cid(tag)}
            </ul>
            """);
    }

    private static Html Parts(int layers, int here, int broken, int platforms) => broken == 0
        ? Of($"<li class=\"yes\">All parts are here, with the sizes that the manifests state: {Count(platforms, "manifest")}, {Count(layers, "layer")}.")
        : Of($"<li class=\"no\">{here} of {Count(layers, "layer")} are here, and {Count(broken, "manifest")} of {platforms} cannot be pulled whole.");

    private static Html Blobs(BlobCheck check) => check switch
    {
        BlobCheck.AtPush => Of($"<li class=\"yes\">Every blob was held against its digest when it came in."),
        BlobCheck.EveryBlock => Of($"<li class=\"yes\">Every block is held against its CID whenever it is read, and every blob against its digest."),
        _ => Of($"<li class=\"open\">Blobs are sent as they lie on the disk: who pulls holds them against their digests. <code>ipdr verify</code> does it here."),
    };

    private static Html Cid(TagView tag) => tag.Cid is not null
        ? Of($"<li class=\"yes\">The CID is that of exactly these bytes: it can be pulled from anybody.")
        : tag.IsComplete
        ? Of($"<li class=\"open\">The CID is not known yet: it is computed in the background, or when somebody asks for it.")
        : Of($"<li class=\"open\">There is no CID before all parts are here.");

    private static string Count(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";

    private static Html Of(Html html) => html;
}
