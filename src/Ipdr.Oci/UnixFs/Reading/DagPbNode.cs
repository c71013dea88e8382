using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>Links and data of a dag-pb block (IPLD, "DAG-PB"), as places in it.</summary>
internal sealed class DagPbNode
{
    private const int DataField = 1;
    private const int LinksField = 2;
    private const int HashField = 1;
    private const int NameField = 2;
    private const int TsizeField = 3;

    private DagPbNode(DagPbLink[] links, Range? data) => (Links, Data) = (links, data);

    /// <summary>The links as they stand.</summary>
    public DagPbLink[] Links { get; }

    /// <summary>Where the data lies in the block; null where there is none, which differs from none of any length.</summary>
    public Range? Data { get; }

    /// <summary>Reads a block.</summary>
    /// <param name="cid">Its name, for messages.</param>
    /// <param name="block">Its bytes.</param>
    /// <param name="maxLinks">How many links are read.</param>
    /// <exception cref="IpdrException">The block is no dag-pb node, or has too many links.</exception>
    public static DagPbNode Decode(Cid cid, ReadOnlySpan<byte> block, int maxLinks)
    {
        ProtobufReader reader = new(block);
        List<DagPbLink> links = [];
        Range? data = null;
        int previous = 0;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryRead(out ProtobufField field) || field.Type != ProtobufType.Bytes || field.Number is not (DataField or LinksField))
                throw DagFaults.BadNode(cid, "the block is no dag-pb node");
            // Links may stand before the data or after it, but not on both sides.
            if (field.Number == DataField ? data is not null : data is not null && previous == DataField && links.Count > 0)
                throw DagFaults.BadNode(cid, "a dag-pb node has its data twice, or in the midst of its links");
            previous = field.Number;
            if (field.Number == DataField)
                data = field.Start..(field.Start + field.Length);
            else if (links.Count == maxLinks)
                throw DagFaults.Limit(DagFaults.Place(cid), "a node has too many links", nameof(DagLimits.MaxLinks), maxLinks);
            else
                links.Add(DecodeLink(cid, block, field));
        }
        return new DagPbNode([.. links], data);
    }

    private static DagPbLink DecodeLink(Cid node, ReadOnlySpan<byte> block, ProtobufField link)
    {
        ReadOnlySpan<byte> message = block.Slice(link.Start, link.Length);
        ProtobufReader reader = new(message);
        Cid? target = null;
        (int Start, int Length)? name = null;
        bool hasSize = false;
        while (!reader.IsAtEnd)
        {
            bool isSound = reader.TryRead(out ProtobufField field);
            switch (field.Number, field.Type)
            {
                case (HashField, ProtobufType.Bytes) when isSound && target is null:
                    target = ReadCid(node, message.Slice(field.Start, field.Length));
                    break;
                case (NameField, ProtobufType.Bytes) when isSound && name is null:
                    name = (link.Start + field.Start, field.Length);
                    break;
                case (TsizeField, ProtobufType.Varint) when isSound && !hasSize:
                    hasSize = true;
                    break;
                default:
                    throw DagFaults.BadNode(node, "a link is malformed");
            }
        }
        return new DagPbLink(target ?? throw DagFaults.BadNode(node, "a link leads nowhere"), name?.Start ?? 0, name?.Length ?? 0);
    }

    private static Cid ReadCid(Cid node, ReadOnlySpan<byte> bytes) => Cid.Read(bytes, out Cid cid) is var fault and not CidFault.None
        ? throw DagFaults.BadNode(node, $"a link's CID cannot be used: {CidFormatException.Explain(fault)}")
        : cid;
}
