using Ipdr.Oci.Car;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Gateways;

/// <summary>CARs as a gateway sends them, and as it should not.</summary>
internal static class CarAnswer
{
    /// <summary>All below a block, or the blocks of a file that have a range of its bytes.</summary>
    public static async Task<byte[]> MakeAsync(Cid root, EntityBytes? part, Func<Cid, Task<byte[]?>> find, Misdeed misdeed)
    {
        List<(Cid Cid, byte[] Bytes)> blocks = [];
        if (part is { } bytes)
            await CollectAsync(root, bytes, 0, find, blocks);
        else
            await CollectAsync(root, find, blocks);
        return Write(root, blocks, misdeed);
    }

    private static byte[] Write(Cid root, List<(Cid Cid, byte[] Bytes)> blocks, Misdeed misdeed)
    {
        switch (misdeed)
        {
            case Misdeed.CarWrongOrder:
                blocks.Reverse();
                break;
            case Misdeed.CarExtraBlocks:
                byte[] extra = "nobody asked for this"u8.ToArray();
                blocks.Insert(1, (Cid.Create(1, Multicodec.Raw, Multihash.OfContent(MultihashCode.Sha256, extra)), extra));
                break;
            case Misdeed.CarMissingBlocks:
                blocks.RemoveAt(blocks.Count - 1);
                break;
            case Misdeed.CarLies:
                blocks[^1] = (blocks[^1].Cid, [.. blocks[^1].Bytes, 0]);
                break;
        }
        byte[] car = [.. CarBytes.Header(root), .. blocks.SelectMany(block => CarBytes.Section(block.Cid, block.Bytes))];
        return misdeed switch
        {
            Misdeed.CarIsNone => [.. "<html>"u8, .. new byte[200]],
            Misdeed.CarCut => car[..^5],
            _ => car,
        };
    }

    private static async Task CollectAsync(Cid cid, EntityBytes wanted, long start, Func<Cid, Task<byte[]?>> find, List<(Cid Cid, byte[] Bytes)> blocks)
    {
        byte[] bytes = (await find(cid))!;
        blocks.Add((cid, bytes));
        if (cid.Codec != Multicodec.DagPb)
            return;
        DagPbNode node = DagPbNode.Decode(cid, bytes, 1000);
        UnixFsMessage message = UnixFsMessage.Decode(cid, bytes.AsSpan(node.Data!.Value), 1000);
        start += message.DataLength;
        for (int i = 0; i < node.Links.Length; start += message.BlockSizes[i++])
        {
            if (start <= wanted.To && start + message.BlockSizes[i] > wanted.From)
                await CollectAsync(node.Links[i].Cid, wanted, start, find, blocks);
        }
    }

    private static async Task CollectAsync(Cid cid, Func<Cid, Task<byte[]?>> find, List<(Cid Cid, byte[] Bytes)> blocks)
    {
        if (blocks.Any(block => block.Cid == cid) || await find(cid) is not { } bytes)
            return;
        blocks.Add((cid, bytes));
        if (cid.Codec != Multicodec.DagPb)
            return;
        foreach (DagPbLink link in DagPbNode.Decode(cid, bytes, 1000).Links)
            await CollectAsync(link.Cid, find, blocks);
    }
}
