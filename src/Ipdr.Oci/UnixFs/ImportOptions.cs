namespace Ipdr.Oci.UnixFs;

/// <summary>How files and directories become a DAG.</summary>
public sealed record ImportOptions
{
    /// <summary>The rules. Default <see cref="UnixFsProfile.V1"/>.</summary>
    public UnixFsProfile Profile { get; init; } = UnixFsProfile.V1;

    /// <summary>What is taken in of a directory. Default null: all.</summary>
    public ImportFilter? Filter { get; init; }

    /// <summary>Are directories in which there is nothing, or nothing that is taken in, kept? Default true, as Kubo does.</summary>
    public bool EmptyDirectories { get; init; } = true;

    /// <summary>Keep what is needed to have the blocks and entries afterwards: some 300 bytes for each file, and 32 for each chunk. Default false.</summary>
    public bool KeepBlocks { get; init; }

    /// <summary>Cores that hash. Default: all.</summary>
    public int DegreeOfParallelism { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = Environment.ProcessorCount;
}
