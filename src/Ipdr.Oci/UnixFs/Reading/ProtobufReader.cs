using System.Buffers.Binary;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>Reads a protobuf message field by field, without trusting a byte of it.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int MaxVarintLength = 10;
    private const int GroupBits = 7;
    private const int TypeBits = 3;

    // 2²⁹ − 1, as protobuf has it.
    private const ulong MaxFieldNumber = (1 << 29) - 1;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;

    /// <summary>Whether the message has been read to its end.</summary>
    public readonly bool IsAtEnd => _position == _message.Length;

    /// <summary>Reads the next field; false if the message is malformed from here on.</summary>
    public bool TryRead(out ProtobufField field)
    {
        field = default;
        if (!TryVarint(out ulong tag) || tag >> TypeBits is 0 or > MaxFieldNumber)
            return false;
        ProtobufType type = (ProtobufType)(tag & ((1 << TypeBits) - 1));
        ulong value = 0;
        int start = 0, length = 0;
        bool isRead = type switch
        {
            ProtobufType.Varint => TryVarint(out value),
            ProtobufType.Fixed64 => TryTake(sizeof(ulong), out start),
            ProtobufType.Fixed32 => TryTake(sizeof(uint), out start),
            ProtobufType.Bytes => TryVarint(out ulong declared) && declared <= int.MaxValue && TryTake(length = (int)declared, out start),
            _ => false,
        };
        if (!isRead)
            return false;
        if (type == ProtobufType.Fixed32)
            value = BinaryPrimitives.ReadUInt32LittleEndian(_message[start..]);
        field = new ProtobufField((int)(tag >> TypeBits), type, value, start, length);
        return true;
    }

    /// <summary>Reads a bare varint, as a packed list has them.</summary>
    public bool TryVarint(out ulong value)
    {
        value = 0;
        for (int i = 0; i < MaxVarintLength && _position < _message.Length; i++)
        {
            byte group = _message[_position++];
            // The tenth byte has room for the 64th bit only.
            if (i == MaxVarintLength - 1 && group > 1)
                return false;
            value |= (ulong)(group & 0x7f) << (i * GroupBits);
            if (group < 0x80)
                return true;
        }
        return false;
    }

    private bool TryTake(int count, out int start)
    {
        start = _position;
        if (count > _message.Length - _position)
            return false;
        _position += count;
        return true;
    }
}
