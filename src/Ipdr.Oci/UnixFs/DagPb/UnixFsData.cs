namespace Ipdr.Oci.UnixFs.DagPb;

/// <summary>Writes the Data of dag-pb nodes: what UnixFS says of a node (unixfs, "Data Format"). Each message has its length first.</summary>
internal static class UnixFsData
{
    private const byte TypeTag = 0x08;
    private const byte DataTag = 0x12;
    private const byte FileSizeTag = 0x18;
    private const byte BlockSizesTag = 0x20;
    private const byte HashTypeTag = 0x28;
    private const byte FanoutTag = 0x30;
    private const byte ModeTag = 0x38;
    private const byte MtimeTag = 0x42;
    private const byte SecondsTag = 0x08;
    private const byte NanosecondsTag = 0x15;

    private const int TypeLength = 2;
    private const int NanosecondsLength = 1 + sizeof(uint);

    // murmur3-x64-64 in the multicodec table: the only hash that shards are made with.
    private const ulong ShardHash = 0x22;

    public static int DirectoryLength(UnixFsMetadata metadata) => TypeLength + MetadataLength(metadata);

    public static void WriteDirectory(ref ProtobufWriter writer, UnixFsMetadata metadata)
    {
        WriteType(ref writer, UnixFsType.Directory);
        WriteMetadata(ref writer, metadata);
    }

    public static int SymlinkLength(int targetLength) => TypeLength + ProtobufWriter.FieldLength(targetLength);

    public static void WriteSymlink(ref ProtobufWriter writer, scoped ReadOnlySpan<byte> target)
    {
        WriteType(ref writer, UnixFsType.Symlink);
        writer.Field(DataTag, target);
    }

    public static int ShardLength(int bitfieldLength, int fanout, UnixFsMetadata metadata) =>
        TypeLength + ProtobufWriter.FieldLength(bitfieldLength) + ProtobufWriter.FieldLength(ShardHash) + ProtobufWriter.FieldLength((ulong)fanout) + MetadataLength(metadata);

    public static void WriteShard(ref ProtobufWriter writer, scoped ReadOnlySpan<byte> bitfield, int fanout, UnixFsMetadata metadata)
    {
        WriteType(ref writer, UnixFsType.HamtShard);
        writer.Field(DataTag, bitfield);
        writer.Field(HashTypeTag, ShardHash);
        writer.Field(FanoutTag, (ulong)fanout);
        WriteMetadata(ref writer, metadata);
    }

    /// <summary>A file node that holds <paramref name="dataLength"/> bytes of content itself.</summary>
    public static int LeafLength(int dataLength, UnixFsMetadata metadata) =>
        LeafHeadLength(dataLength) + dataLength + LeafTailLength(dataLength, metadata);

    public static int LeafHeadLength(int dataLength) => TypeLength + (dataLength == 0 ? 0 : ProtobufWriter.FieldLength(dataLength) - dataLength);

    public static int LeafTailLength(int dataLength, UnixFsMetadata metadata) => ProtobufWriter.FieldLength((ulong)dataLength) + MetadataLength(metadata);

    /// <summary>What stands before the content.</summary>
    public static void WriteLeafHead(ref ProtobufWriter writer, int dataLength)
    {
        WriteType(ref writer, UnixFsType.File);
        if (dataLength > 0)
            writer.Head(DataTag, dataLength);
    }

    /// <summary>What stands behind the content.</summary>
    public static void WriteLeafTail(ref ProtobufWriter writer, int dataLength, UnixFsMetadata metadata)
    {
        writer.Field(FileSizeTag, (ulong)dataLength);
        WriteMetadata(ref writer, metadata);
    }

    /// <summary>A file node whose content is in <paramref name="children"/> others, all of one length but the last.</summary>
    public static int InnerLength(int children, long childBytes, long lastBytes, UnixFsMetadata metadata) =>
        TypeLength + ProtobufWriter.FieldLength((ulong)InnerFileSize(children, childBytes, lastBytes))
        + (children - 1) * ProtobufWriter.FieldLength((ulong)childBytes) + ProtobufWriter.FieldLength((ulong)lastBytes) + MetadataLength(metadata);

    public static void WriteInner(ref ProtobufWriter writer, int children, long childBytes, long lastBytes, UnixFsMetadata metadata)
    {
        WriteType(ref writer, UnixFsType.File);
        writer.Field(FileSizeTag, (ulong)InnerFileSize(children, childBytes, lastBytes));
        for (int i = 1; i < children; i++)
            writer.Field(BlockSizesTag, (ulong)childBytes);
        writer.Field(BlockSizesTag, (ulong)lastBytes);
        WriteMetadata(ref writer, metadata);
    }

    private static long InnerFileSize(int children, long childBytes, long lastBytes) => (children - 1) * childBytes + lastBytes;

    private static int MetadataLength(UnixFsMetadata metadata) =>
        (metadata.Mode == 0 ? 0 : ProtobufWriter.FieldLength((ulong)metadata.Mode))
        + (metadata.Mtime is { } mtime ? ProtobufWriter.FieldLength(MtimeLength(mtime)) : 0);

    private static int MtimeLength(UnixTime mtime) =>
        ProtobufWriter.FieldLength((ulong)mtime.Seconds) + (mtime.Nanoseconds == 0 ? 0 : NanosecondsLength);

    private static void WriteType(ref ProtobufWriter writer, UnixFsType type) => writer.Field(TypeTag, (ulong)type);

    private static void WriteMetadata(ref ProtobufWriter writer, UnixFsMetadata metadata)
    {
        if (metadata.Mode != 0)
            writer.Field(ModeTag, metadata.Mode);
        if (metadata.Mtime is not { } mtime)
            return;
        writer.Head(MtimeTag, MtimeLength(mtime));
        writer.Field(SecondsTag, (ulong)mtime.Seconds);
        if (mtime.Nanoseconds == 0)
            return;
        writer.Byte(NanosecondsTag);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(writer.Take(sizeof(uint)), mtime.Nanoseconds);
    }
}
