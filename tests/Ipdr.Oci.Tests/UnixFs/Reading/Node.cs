using System.Text;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Tests.UnixFs.Reading;

/// <summary>A dag-pb node written field by field, so that it can be wrong in any way.</summary>
internal sealed class Node
{
    private readonly List<byte> _links = [];
    private readonly List<byte> _message = [];

    public static Node Directory(params (string Name, Cid Cid)[] entries)
    {
        Node node = new Node().Type(1);
        foreach ((string name, Cid cid) in entries)
            node.Link(cid, name);
        return node;
    }

    /// <summary>An inner node of a file.</summary>
    public static Node File(params (Cid Cid, long Size)[] parts)
    {
        Node node = new Node().Type(2).Number(3, parts.Aggregate(0UL, (sum, part) => sum + (ulong)part.Size));
        foreach ((Cid cid, long size) in parts)
            node.Link(cid, "").Number(4, (ulong)size);
        return node;
    }

    public static Node Symlink(string target) => new Node().Type(4).Bytes(2, Encoding.UTF8.GetBytes(target));

    public static Node Shard(int fanout, byte[] bitfield, params (string Name, Cid Cid)[] entries)
    {
        Node node = new Node().Type(5).Bytes(2, bitfield).Number(5, 0x22).Number(6, (ulong)fanout);
        foreach ((string name, Cid cid) in entries)
            node.Link(cid, name);
        return node;
    }

    public Node Type(ulong type) => Number(1, type);

    public Node Number(int field, ulong value)
    {
        _message.AddRange([(byte)(field << 3), .. Varint(value)]);
        return this;
    }

    public Node Bytes(int field, byte[] value)
    {
        _message.AddRange([(byte)((field << 3) | 2), .. Varint((ulong)value.Length), .. value]);
        return this;
    }

    public Node Link(Cid cid, string name, ulong tsize = 0) => Link(cid, Encoding.UTF8.GetBytes(name), tsize);

    public Node Link(Cid cid, byte[] name, ulong tsize = 0)
    {
        byte[] target = new byte[cid.Length];
        cid.CopyTo(target);
        byte[] link = [0x0a, .. Varint((ulong)target.Length), .. target, 0x12, .. Varint((ulong)name.Length), .. name, 0x18, .. Varint(tsize)];
        _links.AddRange([0x12, .. Varint((ulong)link.Length), .. link]);
        return this;
    }

    public byte[] ToBytes() => [.. _links, 0x0a, .. Varint((ulong)_message.Count), .. _message];

    private static IEnumerable<byte> Varint(ulong value)
    {
        for (; value > 0x7f; value >>= 7)
            yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
