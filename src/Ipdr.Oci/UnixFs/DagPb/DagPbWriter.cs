namespace Ipdr.Oci.UnixFs.DagPb;

/// <summary>Writes dag-pb nodes in their one form: all links, then the data (IPLD, "DAG-PB").</summary>
internal static class DagPbWriter
{
    private const byte Links = 0x12;
    private const byte Data = 0x0a;
    private const byte Hash = 0x0a;
    private const byte Name = 0x12;
    private const byte Tsize = 0x18;

    /// <summary>Bytes that a link takes in its node.</summary>
    public static int LinkLength(int cidLength, int nameLength, long cumulativeSize) =>
        ProtobufWriter.FieldLength(LinkBodyLength(cidLength, nameLength, cumulativeSize));

    /// <summary>Bytes that the data takes in its node.</summary>
    public static int DataLength(int length) => ProtobufWriter.FieldLength(length);

    /// <summary>Starts a link; the caller writes the CID into what is returned, and then ends the link.</summary>
    public static Span<byte> StartLink(ref ProtobufWriter writer, int cidLength, int nameLength, long cumulativeSize)
    {
        writer.Head(Links, LinkBodyLength(cidLength, nameLength, cumulativeSize));
        writer.Head(Hash, cidLength);
        return writer.Take(cidLength);
    }

    /// <summary>Writes what follows the CID. Name and size are there even when they are empty and 0.</summary>
    public static void EndLink(ref ProtobufWriter writer, scoped ReadOnlySpan<byte> name, long cumulativeSize) =>
        EndLink(ref writer, name, [], cumulativeSize);

    /// <summary>Writes what follows the CID, with a name in two parts.</summary>
    public static void EndLink(ref ProtobufWriter writer, scoped ReadOnlySpan<byte> prefix, scoped ReadOnlySpan<byte> name, long cumulativeSize)
    {
        writer.Head(Name, prefix.Length + name.Length);
        writer.Bytes(prefix);
        writer.Bytes(name);
        writer.Field(Tsize, (ulong)cumulativeSize);
    }

    /// <summary>Starts the data; the caller writes it next.</summary>
    public static void StartData(ref ProtobufWriter writer, int length) => writer.Head(Data, length);

    private static int LinkBodyLength(int cidLength, int nameLength, long cumulativeSize) =>
        ProtobufWriter.FieldLength(cidLength) + ProtobufWriter.FieldLength(nameLength) + ProtobufWriter.FieldLength((ulong)cumulativeSize);
}
