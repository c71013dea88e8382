using Ipdr.Oci.Archives;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Conversion;

/// <summary>How an archive is converted. The output depends on the archive and on these values, but for the last five.</summary>
public sealed record ConversionOptions
{
    /// <summary>The form of the output. Default <see cref="LayoutKind.Oci"/>.</summary>
    public LayoutKind Layout { get; init; }

    /// <summary>What happens to layers. Default <see cref="LayerCompression.Auto"/>.</summary>
    public LayerCompression Compression { get; init; }

    /// <summary>Compression level: as <see cref="Levels"/> has them. Default null: the recipe's own.</summary>
    public int? Level { get; init; }

    /// <summary>The levels that <see cref="Level"/> may have; null when nothing is compressed.</summary>
    public CompressionLevels? Levels => WrittenFormat is { } format ? RecipeFor(format).Levels : null;

    /// <summary>The format that layers are compressed to, where they are; null when nothing is compressed.</summary>
    public CompressionFormat? WrittenFormat => Compression switch
    {
        LayerCompression.Auto or LayerCompression.Gzip => CompressionFormat.Gzip,
        LayerCompression.Zstd => CompressionFormat.Zstd,
        _ => null,
    };

    /// <summary>How layers are compressed, for those that get the recipe's format. Default null: the format's current recipe.</summary>
    public CompressionRecipe? Recipe { get; init; }

    /// <summary>Say in an annotation, <see cref="Annotations.LayerRecipe"/>, how a layer was compressed. Only for layers compressed here, and
    /// not with Docker's media types, which have no annotations. Default false.</summary>
    public bool AnnotateRecipe { get; init; }

    /// <summary>The algorithm of all digests in the output. Default null: those of the archive, and SHA-256 for what is new.</summary>
    public DigestAlgorithm? Digest { get; init; }

    /// <summary>The vocabulary of the output. Default <see cref="MediaTypeFamily.Oci"/>.</summary>
    public MediaTypeFamily MediaTypes { get; init; }

    /// <summary>Only images for one of these platforms. Default empty: all.</summary>
    public IReadOnlyList<Platform> Platforms { get; init; } = [];

    /// <summary>Names for the image instead of its own; the archive must hold one image then. Default empty.</summary>
    public IReadOnlyList<ImageReference> Tags { get; init; } = [];

    /// <summary>The rules by which the output gets its CID; null when no CID is wanted. Default <see cref="UnixFsProfile.V1"/>.</summary>
    public UnixFsProfile? Profile { get; init; } = UnixFsProfile.V1;

    /// <summary>Compute every digest and write nothing. Default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>What layers were compressed to before. Default null: all are compressed.</summary>
    public ILayerMemory? Memory { get; init; }

    /// <summary>DiffIds of layers that will come through a pipe, as far as they are known before, such as from the engine that sends them. Default empty.</summary>
    public IReadOnlyCollection<Digest> ExpectedLayers { get; init; } = [];

    /// <summary>Threads that compress. Default: one for each processor.</summary>
    public int DegreeOfParallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>What an archive may ask of its reader.</summary>
    public ArchiveLimits Limits { get; init; } = new();

    /// <summary>Where blobs of the output can be read already: then a dry run gives blocks as well as a CID, as long as all blobs are there. Default null.</summary>
    internal Func<Digest, FileContent?>? InPlace { get; init; }

    internal CompressionRecipe RecipeFor(CompressionFormat format) => Recipe?.Format == format ? Recipe : CompressionRecipe.CurrentOf(format);
}
