namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>How far a DAG from strangers is followed. A few blocks can link to each other so that they spell exabytes.</summary>
public sealed record DagLimits
{
    /// <summary>Largest block accepted, in bytes. Default 2 MiB: bitswap and gateways carry no larger one.</summary>
    public int MaxBlockBytes { get; init => field = Positive(value); } = 2 << 20;

    /// <summary>Links of one node. Default 65,536: no more fit into 2 MiB, unless they name nothing.</summary>
    public int MaxLinks { get; init => field = Positive(value); } = 1 << 16;

    /// <summary>Nodes from the top of a file, or of a sharded directory, to its end. Default 64: two links a node name 2⁶⁴ leaves.</summary>
    public int MaxNodeDepth { get; init => field = Positive(value); } = 64;

    /// <summary>Bytes of all nodes on the way to a leaf or entry; they are held at the same time. Default 32 MiB.</summary>
    public int MaxOpenBytes { get; init => field = Positive(value); } = 32 << 20;

    /// <summary>Directories inside each other. Default 256; a path of 4,096 bytes, the longest of Linux, seldom has as many.</summary>
    public int MaxDirectoryDepth { get; init => field = Positive(value); } = 256;

    /// <summary>Files, directories and links of one tree. Default 4,194,304.</summary>
    public int MaxEntries { get; init => field = Positive(value); } = 1 << 22;

    /// <summary>Bytes of all files of one tree. Default 1 TiB.</summary>
    public long MaxTotalBytes { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 1L << 40;

    private static int Positive(int value) => value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
}
