namespace Ipdr.Oci.Tar;

/// <summary>What a <see cref="TarReader"/> lets an archive cost.</summary>
public sealed record TarReaderOptions
{
    /// <summary>The options of a reader that is given none.</summary>
    public static TarReaderOptions Default { get; } = new();

    /// <summary>
    /// Largest pax header, GNU long name or sparse map accepted, and largest sum of global pax records in force, in bytes.
    /// Default 1 MiB.
    /// </summary>
    /// <remarks>The ceiling of Go's archive/tar, hence of what container engines can write and read.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int MaxMetadataBytes { get; init => field = Positive(value); } = 1 << 20;

    /// <summary>Most records of one pax header, and of the global ones in force together. Default 10,000.</summary>
    /// <remarks>
    /// A file on Linux has at most 64 KiB of attribute names, of which the shortest, <c>user.x</c> and its NUL, has 7 bytes: 9,362 records,
    /// besides the dozen that describe the file itself.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int MaxPaxRecords { get; init => field = Positive(value); } = 10_000;

    /// <summary>Most zero bytes that reading the body of one sparse member makes out of its holes. Default 64 GiB.</summary>
    /// <remarks>About a minute of hashing. A member that is skipped costs nothing and may have any holes: <c>lastlog</c> files do.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 0.</exception>
    public long MaxHoleBytes { get; init => field = NotNegative(value); } = 64L << 30;

    /// <summary>Take an archive as ended where only the zeros after its last body are missing, as Go's archive/tar does. Default false.</summary>
    /// <remarks>Layers that <c>umoci insert</c> writes end so; nothing of a member is lost.</remarks>
    public bool AllowMissingPadding { get; init; }

    private static int Positive(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        return value;
    }

    private static long NotNegative(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return value;
    }
}
