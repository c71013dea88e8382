namespace Ipdr.Server.Page;

/// <summary>How far an image is here and verified.</summary>
internal static class StateText
{
    public static Html Of(bool isComplete) => isComplete
        ? Of($"<span class=\"good\">✓ complete</span>")
        : Of($"<span class=\"bad\">✗ parts are missing</span>");

    /// <summary>What has been verified, in a sentence.</summary>
    public static string Explain(bool isComplete, bool isStored) => (isComplete, isStored) switch
    {
        (true, true) => "Every blob was held against its digest when it came in, and manifests again whenever they are read. All parts are here with their sizes.",
        (true, false) => "Manifests were held against their digests; all parts are here with their sizes. Whoever pulls holds every blob against its digest.",
        _ => "Some of what the manifest names is not here, or has another size: this image cannot be pulled whole.",
    };

    private static Html Of(Html html) => html;
}
