namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>A field of a protobuf message.</summary>
/// <param name="number">Its number.</param>
/// <param name="type">How its value is stored.</param>
/// <param name="value">The value of a varint or of fixed bits; else 0.</param>
/// <param name="start">Where the bytes of a value with a length begin in the message.</param>
/// <param name="length">How many there are.</param>
internal readonly struct ProtobufField(int number, ProtobufType type, ulong value, int start, int length)
{
    public int Number { get; } = number;

    public ProtobufType Type { get; } = type;

    public ulong Value { get; } = value;

    public int Start { get; } = start;

    public int Length { get; } = length;
}
