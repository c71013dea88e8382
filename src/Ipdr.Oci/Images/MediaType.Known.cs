using Ipdr.Oci.Compression;

namespace Ipdr.Oci.Images;

/// <summary>The media types of images: image-spec, media-types.md, and Docker's schema 2.</summary>
public readonly partial record struct MediaType
{
    /// <summary>An OCI image index.</summary>
    public static readonly MediaType OciIndex = new("application/vnd.oci.image.index.v1+json");

    /// <summary>An OCI image manifest.</summary>
    public static readonly MediaType OciManifest = new("application/vnd.oci.image.manifest.v1+json");

    /// <summary>An OCI image config.</summary>
    public static readonly MediaType OciConfig = new("application/vnd.oci.image.config.v1+json");

    /// <summary>A plain tar layer.</summary>
    public static readonly MediaType OciLayer = new("application/vnd.oci.image.layer.v1.tar");

    /// <summary>A gzip layer.</summary>
    public static readonly MediaType OciLayerGzip = new("application/vnd.oci.image.layer.v1.tar+gzip");

    /// <summary>A zstd layer.</summary>
    public static readonly MediaType OciLayerZstd = new("application/vnd.oci.image.layer.v1.tar+zstd");

    /// <summary>A Docker manifest list.</summary>
    public static readonly MediaType DockerManifestList = new("application/vnd.docker.distribution.manifest.list.v2+json");

    /// <summary>A Docker schema 2 manifest.</summary>
    public static readonly MediaType DockerManifest = new("application/vnd.docker.distribution.manifest.v2+json");

    /// <summary>A Docker image config.</summary>
    public static readonly MediaType DockerConfig = new("application/vnd.docker.container.image.v1+json");

    private const string OciLayerBase = "application/vnd.oci.image.layer.v1.tar";
    private const string OciForeignBase = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    private const string DockerLayerBase = "application/vnd.docker.image.rootfs.diff.tar";
    private const string DockerForeignBase = "application/vnd.docker.image.rootfs.foreign.diff.tar";

    /// <summary>A list of manifests, OCI or Docker.</summary>
    public bool IsIndex => this == OciIndex || this == DockerManifestList;

    /// <summary>A manifest of config and layers, OCI or Docker.</summary>
    public bool IsManifest => this == OciManifest || this == DockerManifest;

    /// <summary>The config of a runnable image, OCI or Docker.</summary>
    public bool IsImageConfig => this == OciConfig || this == DockerConfig;

    /// <summary>A Docker schema 1 manifest, which cannot be converted without unpacking its layers.</summary>
    public bool IsSchema1 => ToString().StartsWith("application/vnd.docker.distribution.manifest.v1+", StringComparison.Ordinal);

    /// <summary>A file-system layer of any family and compression.</summary>
    public bool IsLayer => TryReadLayer(out _, out _);

    /// <summary>A layer that is fetched from its <c>urls</c> and may be absent (deprecated in image-spec 1.1).</summary>
    public bool IsForeignLayer => TryReadLayer(out bool foreign, out _) && foreign;

    /// <summary>What a layer's type says of its compression; null when this is no layer type.</summary>
    public CompressionFormat? LayerCompression => TryReadLayer(out _, out CompressionFormat format) ? format : null;

    /// <summary>The layer type for a family, a compression and distributability.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No layer type exists for the compression.</exception>
    public static MediaType OfLayer(MediaTypeFamily family, CompressionFormat format, bool foreign = false)
    {
        bool docker = family == MediaTypeFamily.Docker;
        string start = docker ? foreign ? DockerForeignBase : DockerLayerBase : foreign ? OciForeignBase : OciLayerBase;
        return new MediaType(start + format switch
        {
            CompressionFormat.None => "",
            CompressionFormat.Gzip => docker ? ".gzip" : "+gzip",
            CompressionFormat.Zstd => docker ? ".zstd" : "+zstd",
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "layers are plain, gzip or zstd"),
        });
    }

    /// <summary>The same kind of document or layer in another family; types that belong to no family stay as they are.</summary>
    public MediaType In(MediaTypeFamily family)
    {
        bool docker = family == MediaTypeFamily.Docker;
        if (IsIndex)
            return docker ? DockerManifestList : OciIndex;
        if (IsManifest)
            return docker ? DockerManifest : OciManifest;
        if (IsImageConfig)
            return docker ? DockerConfig : OciConfig;
        return TryReadLayer(out bool foreign, out CompressionFormat format) ? OfLayer(family, format, foreign) : this;
    }

    private bool TryReadLayer(out bool foreign, out CompressionFormat format)
    {
        foreach ((string start, char joint, bool isForeign) in
            ((string, char, bool)[])[(OciLayerBase, '+', false), (OciForeignBase, '+', true), (DockerLayerBase, '.', false), (DockerForeignBase, '.', true)])
        {
            if (!ToString().StartsWith(start, StringComparison.Ordinal))
                continue;
            CompressionFormat? found = ToString().AsSpan(start.Length) switch
            {
                "" => CompressionFormat.None,
                ['.' or '+', .. var suffix] when ToString()[start.Length] == joint => suffix switch
                {
                    "gzip" => CompressionFormat.Gzip,
                    "zstd" => CompressionFormat.Zstd,
                    _ => null,
                },
                _ => null,
            };
            (foreign, format) = (isForeign, found ?? default);
            return found is not null;
        }
        (foreign, format) = (false, default);
        return false;
    }
}
