using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Gateways;

/// <summary>CARs as a gateway sends them, and as it should not.</summary>
internal static class CarAnswer
{
    public static async Task<byte[]> MakeAsync(Cid root, Func<Cid, Task<byte[]?>> find, Misdeed misdeed)
    {
        List<(Cid Cid, byte[] Bytes)> blocks = [];
        await CollectAsync(root, find, blocks);
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
