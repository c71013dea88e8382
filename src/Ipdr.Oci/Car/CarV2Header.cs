using System.Buffers.Binary;

namespace Ipdr.Oci.Car;

/// <summary>What stands after the pragma of a version 2 (CARv2, "Header"): numbers little-endian, offsets from the start of the file.</summary>
/// <param name="DataOffset">Where the version 1 inside begins.</param>
/// <param name="DataSize">Bytes of it.</param>
/// <param name="IndexOffset">Where the index begins; 0 if there is none.</param>
internal readonly record struct CarV2Header(long DataOffset, long DataSize, long IndexOffset)
{
    /// <summary>Bytes of the header.</summary>
    public const int Length = IndexOffsetField + sizeof(long);

    /// <summary>Bytes of pragma and header.</summary>
    public const int End = PragmaLength + Length;

    private const int PragmaLength = 11;
    private const int CharacteristicsField = 0;
    private const int CharacteristicsLength = 16;
    private const int DataOffsetField = CharacteristicsField + CharacteristicsLength;
    private const int DataSizeField = DataOffsetField + sizeof(long);
    private const int IndexOffsetField = DataSizeField + sizeof(long);

    /// <summary>Where the version 1 inside ends.</summary>
    public long DataEnd => DataOffset + DataSize;

    /// <exception cref="CarFormatException">The numbers contradict each other.</exception>
    public static CarV2Header Read(ReadOnlySpan<byte> bytes)
    {
        CarV2Header header = new(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[DataOffsetField..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[DataSizeField..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[IndexOffsetField..]));
        if (header.DataSize == 0)
            throw CarFaults.Bad("the CAR was never finished: its header says that it holds nothing", PragmaLength);
        bool isSound = header.DataOffset >= End && header.DataSize > 0 && header.DataSize <= long.MaxValue - header.DataOffset
            && (header.IndexOffset == 0 || header.IndexOffset >= header.DataEnd);
        return isSound ? header : throw CarFaults.Bad("the offsets and sizes in the header contradict each other", PragmaLength);
    }

    /// <summary>Writes the header. No characteristics are stated: nothing in the CAR depends on them.</summary>
    public void Write(Span<byte> destination)
    {
        destination[..CharacteristicsLength].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(destination[DataOffsetField..], DataOffset);
        BinaryPrimitives.WriteInt64LittleEndian(destination[DataSizeField..], DataSize);
        BinaryPrimitives.WriteInt64LittleEndian(destination[IndexOffsetField..], IndexOffset);
    }
}
