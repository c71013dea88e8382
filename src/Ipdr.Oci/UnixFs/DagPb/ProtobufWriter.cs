using System.Numerics;

namespace Ipdr.Oci.UnixFs.DagPb;

/// <summary>Writes protobuf into room whose length was computed before.</summary>
internal ref struct ProtobufWriter(Span<byte> destination)
{
    private const int GroupBits = 7;
    private const byte More = 0x80;

    private Span<byte> _rest = destination;

    /// <summary>Bytes of a varint, 1 to 10.</summary>
    public static int LengthOf(ulong value) => (BitOperations.Log2(value | 1) / GroupBits) + 1;

    /// <summary>Bytes of a field whose tag is one byte and whose value is this varint.</summary>
    public static int FieldLength(ulong value) => 1 + LengthOf(value);

    /// <summary>Bytes of a field whose tag is one byte and whose value has a length.</summary>
    public static int FieldLength(int contentLength) => 1 + LengthOf((ulong)contentLength) + contentLength;

    public void Field(byte tag, ulong value)
    {
        Byte(tag);
        Varint(value);
    }

    public void Field(byte tag, scoped ReadOnlySpan<byte> content)
    {
        Head(tag, content.Length);
        Bytes(content);
    }

    /// <summary>Starts a field of <paramref name="contentLength"/> bytes, which the caller writes next.</summary>
    public void Head(byte tag, int contentLength) => Field(tag, (ulong)contentLength);

    /// <summary>Room that the caller fills.</summary>
    public Span<byte> Take(int length)
    {
        Span<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    public void Bytes(scoped ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Byte(byte value) => Take(1)[0] = value;

    private void Varint(ulong value)
    {
        for (; value >= More; value >>= GroupBits)
            Byte((byte)(value | More));
        Byte((byte)value);
    }
}
