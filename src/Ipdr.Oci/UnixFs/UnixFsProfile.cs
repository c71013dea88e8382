using System.Numerics;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs;

/// <summary>The rules by which content becomes a DAG: two parties that have the same content and the same rules get the same CID (IPIP-499).</summary>
public sealed record UnixFsProfile
{
    /// <summary>Largest chunk in bytes: Kubo's own limit, so that a leaf and what is around it stay within <see cref="MaxBlockBytes"/>.</summary>
    public const int MaxChunkBytes = MaxBlockBytes - 256;

    /// <summary>Largest block in bytes that IPFS nodes exchange: 2 MiB.</summary>
    public const int MaxBlockBytes = 2 << 20;

    /// <summary>Most links of a file node: with the longest hash their block still stays within <see cref="MaxBlockBytes"/>.</summary>
    public const int MostFileLinks = 16_384;

    /// <summary>Largest threshold in bytes: by either estimate a directory that stays below it has a block within <see cref="MaxBlockBytes"/>.</summary>
    public const int MaxHamtThreshold = 1 << 20;

    /// <summary>Smallest fanout: one byte of the bitfield.</summary>
    public const int LeastHamtFanout = 8;

    /// <summary>Largest fanout that readers accept.</summary>
    public const int MostHamtFanout = 1024;

    /// <summary><c>unixfs-v1-2025</c>, the profile of IPIP-499 for new content; the default here.</summary>
    public static UnixFsProfile V1 { get; } = new();

    /// <summary><c>kubo-cid-v1</c>: what <c>ipfs add --cid-version=1</c> does with no profile configured.</summary>
    public static UnixFsProfile KuboV1 { get; } = new() { ChunkSize = 256 << 10, MaxFileLinks = 174, HamtEstimate = HamtEstimate.Links };

    /// <summary><c>unixfs-v0-2015</c>: what <c>ipfs add</c> has done since the beginning.</summary>
    public static UnixFsProfile V0 { get; } = KuboV1 with { CidVersion = 0, RawLeaves = false };

    /// <summary>The profiles with a name, the default first.</summary>
    public static IReadOnlyList<(string Name, UnixFsProfile Profile)> Known { get; } =
        [("unixfs-v1-2025", V1), ("kubo-cid-v1", KuboV1), ("unixfs-v0-2015", V0)];

    /// <summary>The profile's name; null where a parameter differs from all that have one.</summary>
    public string? Name => Known.Where(known => known.Profile == this).Select(known => known.Name).FirstOrDefault();

    /// <summary>Version of the CIDs of nodes, 0 or 1. Raw leaves have version 1 in any case. Default 1.</summary>
    public int CidVersion { get; init => field = Within(value, 0, 1); } = 1;

    /// <summary>The hash function. Default SHA-256, the only one that version 0 knows.</summary>
    public MultihashCode Hash
    {
        get;
        init => field = value.DigestLength is not null ? value : throw new ArgumentOutOfRangeException(nameof(value));
    } = MultihashCode.Sha256;

    /// <summary>Bytes of each chunk of a file but the last, 1 to <see cref="MaxChunkBytes"/>. Default 1 MiB.</summary>
    public int ChunkSize { get; init => field = Within(value, 1, MaxChunkBytes); } = 1 << 20;

    /// <summary>Links of a file node, 2 to <see cref="MostFileLinks"/>. Default 1024.</summary>
    public int MaxFileLinks { get; init => field = Within(value, 2, MostFileLinks); } = 1024;

    /// <summary>Are chunks blocks as they are? Else each is wrapped in a node. Default true.</summary>
    public bool RawLeaves { get; init; } = true;

    /// <summary>A directory is sharded when its estimated size in bytes is above this; 1 to <see cref="MaxHamtThreshold"/>. Default 256 KiB.</summary>
    public int HamtThreshold { get; init => field = Within(value, 1, MaxHamtThreshold); } = 256 << 10;

    /// <summary>How the size of a directory is estimated. Default <see cref="HamtEstimate.Block"/>.</summary>
    public HamtEstimate HamtEstimate { get; init; } = HamtEstimate.Block;

    /// <summary>Buckets of a shard: a power of two, <see cref="LeastHamtFanout"/> to <see cref="MostHamtFanout"/>. Default 256.</summary>
    public int MaxHamtFanout
    {
        get;
        init => field = BitOperations.IsPow2(value) ? Within(value, LeastHamtFanout, MostHamtFanout) : throw new ArgumentOutOfRangeException(nameof(value));
    } = 256;

    /// <summary>Do files and directories carry their POSIX mode? Default false.</summary>
    public bool PreserveMode { get; init; }

    /// <summary>Do files and directories carry the time of their last change? Default false.</summary>
    public bool PreserveMtime { get; init; }

    /// <summary>Do the values fit together? Version 0 has no room for another hash than SHA-256.</summary>
    public bool IsConsistent => CidVersion == 1 || Hash == MultihashCode.Sha256;

    private static int Within(int value, int min, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, min);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max);
        return value;
    }
}
