using Ipdr.Oci.Archives;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Signatures;

namespace Ipdr.Oci.Verification;

/// <summary>How thoroughly something is verified, and what it may cost.</summary>
public sealed record VerificationOptions
{
    /// <summary>Leave out everything for which layers have to be decompressed: DiffIds and what layers contain. Default false.</summary>
    public bool Quick { get; init; }

    /// <summary>Largest plain size of one layer, in bytes. Default 64 GiB; the largest known layers have some tens.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public long MaxLayerBytes { get; init => field = Positive(value); } = 64L << 30;

    /// <summary>How many times its stored size a layer may expand to, once it is larger than <see cref="FreeExpansionBytes"/>. Default 2,000.</summary>
    /// <remarks>Deflate reaches 1,032, so no gzip layer is refused by default; zstd and xz can make gigabytes of a few kilobytes.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public long MaxExpansion { get; init => field = Positive(value); } = 2_000;

    /// <summary>Layers processed at a time, and files hashed at a time. Default: one for each processor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int DegreeOfParallelism { get; init => field = (int)Positive(value); } = Environment.ProcessorCount;

    /// <summary>The CID that the target should have: that of the folder, or a root of the CAR. Default null: any.</summary>
    public Cid? Cid { get; init; }

    /// <summary>A CAR with the blocks of <see cref="Cid"/>, by which the first path that differs can be told. Default null.</summary>
    public string? CidBlocks { get; init; }

    /// <summary>The digest that a manifest in the target's index, or under one of its tags, should have. Default null: any.</summary>
    public Digest? Digest { get; init; }

    /// <summary>Public keys, of which the holder of one must have signed each image. Default none: signatures are not looked for.</summary>
    public IReadOnlyList<SignatureKey> Keys { get; init; } = [];

    /// <summary>What an archive may ask of its reader.</summary>
    public ArchiveLimits Limits { get; init; } = new();

    /// <summary>Plain bytes that any layer may have, whatever its stored size: 64 MiB.</summary>
    public static long FreeExpansionBytes => 64L << 20;

    private static long Positive(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        return value;
    }
}
