using System.Text.Json.Serialization;

namespace Ipdr.Oci.Images;

/// <summary>The part of an image config that conversion looks at (image-spec, config.md). The bytes themselves are always kept.</summary>
public sealed record ImageConfig
{
    /// <summary>GOARCH value; empty when the config does not say.</summary>
    public string? Architecture { get; init; }

    /// <summary>GOOS value; empty when the config does not say.</summary>
    public string? Os { get; init; }

    /// <summary>Variant of the processor.</summary>
    public string? Variant { get; init; }

    /// <summary>Version of the operating system.</summary>
    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    /// <summary>The uncompressed layers by digest.</summary>
    [JsonPropertyName("rootfs")]
    public required RootFileSystem RootFs { get; init; }

    /// <summary>How the layers came to be, bottom first.</summary>
    public IReadOnlyList<HistoryEntry>? History { get; init; }

    /// <summary>What the image runs on.</summary>
    [JsonIgnore]
    public Platform Platform => new(Architecture ?? "", Os ?? "")
    {
        Variant = Variant is "" ? null : Variant,
        OsVersion = OsVersion is "" ? null : OsVersion,
    };

    /// <summary>Does the history have as many entries that made a layer as there are layers? Always so without a history.</summary>
    [JsonIgnore]
    public bool HistoryFitsLayers =>
        History is not { Count: > 0 } || History.Count(entry => !entry.EmptyLayer) == (RootFs.DiffIds?.Count ?? 0);
}
