using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>What the data of a dag-pb node says (unixfs, "Data Format").</summary>
/// <remarks>Fields that are not known are passed over, as protobuf has it; a known one that comes twice is refused.</remarks>
internal sealed class UnixFsMessage
{
    private const int TypeField = 1;
    private const int DataField = 2;
    private const int FileSizeField = 3;
    private const int BlockSizesField = 4;
    private const int HashTypeField = 5;
    private const int FanoutField = 6;
    private const int ModeField = 7;
    private const int MtimeField = 8;
    private const int SecondsField = 1;
    private const int NanosecondsField = 2;
    private const uint PermissionBits = 0xfff;
    private const uint NanosecondsPerSecond = 1_000_000_000;

    private readonly List<long> _blockSizes = [];

    private UnixFsMessage()
    {
    }

    public UnixFsType Type { get; private set; }

    /// <summary>Where the content begins in the message.</summary>
    public int DataStart { get; private set; }

    public int DataLength { get; private set; }

    /// <summary>What is stated of the file's bytes; null if nothing is.</summary>
    public ulong? FileSize { get; private set; }

    public IReadOnlyList<long> BlockSizes => _blockSizes;

    public ulong HashType { get; private set; }

    public ulong Fanout { get; private set; }

    public UnixFsMetadata Metadata { get; private set; }

    /// <exception cref="Faults.IpdrException">The message is malformed.</exception>
    public static UnixFsMessage Decode(Cid cid, ReadOnlySpan<byte> bytes, int maxBlockSizes)
    {
        UnixFsMessage message = new();
        ProtobufReader reader = new(bytes);
        uint seen = 0;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryRead(out ProtobufField field))
                throw DagFaults.BadNode(cid, "the node's data is no UnixFS message");
            if (field.Number is > MtimeField)
                continue;
            if (field.Number != BlockSizesField && (seen & (1u << field.Number)) != 0)
                throw DagFaults.BadNode(cid, $"field {field.Number} of a UnixFS message is there twice");
            seen |= 1u << field.Number;
            if (!message.Take(field, bytes))
                throw DagFaults.BadNode(cid, $"field {field.Number} of a UnixFS message is malformed");
            if (message._blockSizes.Count > maxBlockSizes)
                throw DagFaults.Limit(DagFaults.Place(cid), "a node has too many sizes", nameof(DagLimits.MaxLinks), maxBlockSizes);
        }
        return (seen & (1u << TypeField)) != 0 ? message : throw DagFaults.BadNode(cid, "a UnixFS message has no type");
    }

    private bool Take(ProtobufField field, ReadOnlySpan<byte> bytes)
    {
        switch (field.Number, field.Type)
        {
            case (TypeField, ProtobufType.Varint):
                Type = (UnixFsType)field.Value;
                return field.Value <= (ulong)UnixFsType.HamtShard && Type != UnixFsType.Metadata;
            case (DataField, ProtobufType.Bytes):
                (DataStart, DataLength) = (field.Start, field.Length);
                return true;
            case (FileSizeField, ProtobufType.Varint):
                FileSize = field.Value;
                return field.Value <= long.MaxValue;
            case (BlockSizesField, ProtobufType.Varint):
                _blockSizes.Add((long)field.Value);
                return field.Value <= long.MaxValue;
            case (BlockSizesField, ProtobufType.Bytes):
                return TakePacked(bytes.Slice(field.Start, field.Length));
            case (HashTypeField, ProtobufType.Varint):
                HashType = field.Value;
                return true;
            case (FanoutField, ProtobufType.Varint):
                Fanout = field.Value;
                return true;
            case (ModeField, ProtobufType.Varint):
                Metadata = Metadata with { Mode = (uint)field.Value & PermissionBits };
                return field.Value <= uint.MaxValue;
            case (MtimeField, ProtobufType.Bytes):
                return TakeMtime(bytes.Slice(field.Start, field.Length));
            default:
                return false;
        }
    }

    private bool TakePacked(ReadOnlySpan<byte> sizes)
    {
        ProtobufReader reader = new(sizes);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryVarint(out ulong size) || size > long.MaxValue)
                return false;
            _blockSizes.Add((long)size);
        }
        return true;
    }

    private bool TakeMtime(ReadOnlySpan<byte> time)
    {
        ProtobufReader reader = new(time);
        long? seconds = null;
        ulong nanoseconds = 0;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryRead(out ProtobufField field))
                return false;
            if (field.Number == SecondsField && field.Type == ProtobufType.Varint)
                seconds = (long)field.Value;
            else if (field.Number == NanosecondsField && field.Type == ProtobufType.Fixed32)
                nanoseconds = field.Value;
            else if (field.Number is SecondsField or NanosecondsField)
                return false;
        }
        if (seconds is null || nanoseconds >= NanosecondsPerSecond)
            return false;
        Metadata = Metadata with { Mtime = new UnixTime(seconds.Value, (uint)nanoseconds) };
        return true;
    }
}
