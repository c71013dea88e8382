using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Tests.UnixFs.Reading;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>What can be wrong with CARs, and with what has a CID.</summary>
internal static class CarDefects
{
    public static IEnumerable<Defect> All =>
    [
        Car("a block that is not what its CID says", FaultCode.DigestMismatch, bag =>
        {
            Cid file = bag.AddRaw(1, 2, 3);
            bag.Replace(file, [1, 2, 4]);
            return bag.AddNode(Node.Directory(("x", file)));
        }).Then(FaultCode.MissingBlock),
        Car("a block that is missing", FaultCode.MissingBlock, bag =>
        {
            Cid file = bag.AddRaw(1, 2, 3);
            bag.Remove(file);
            return bag.AddNode(Node.Directory(("x", file)));
        }),
        Car("a node that is none", FaultCode.BadNode, bag => bag.Add(Multicodec.DagPb, [0xff, 0xff, 0xff])),
        Car("a file of another size than its node says", FaultCode.BadNode, bag => bag.AddNode(Node.File((bag.AddRaw(1, 2, 3), 7)))),
        Car("a kind of block that is not read", FaultCode.UnsupportedCodec, bag => bag.AddNode(Node.Directory(("x", bag.Add(Multicodec.DagCbor, [0xa0]))))).Then(FaultCode.Unchecked),
        new Defect("CAR: something else", FaultCode.BadCar, folder =>
        {
            File.WriteAllBytes(folder.File("x.car"), [4, 0x63, .. "car"u8, .. new byte[20]]);
            return folder.File("x.car");
        }) { Form = TargetForm.Car },
        new Defect("a folder with another CID", FaultCode.CidMismatch, folder => SampleLayout.Oci().WriteFolder(folder))
        {
            Options = new VerificationOptions { Cid = Cid.Parse("bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354") },
        },
    ];

    private static Defect Car(string name, FaultCode code, Func<BlockBag, Cid> make) => new("CAR: " + name, code, folder =>
    {
        BlockBag bag = new();
        Cid root = make(bag);
        File.WriteAllBytes(folder.File("x.car"), CarOf(root, bag));
        return folder.File("x.car");
    });

    private static byte[] CarOf(Cid root, BlockBag bag)
    {
        byte[] link = new byte[root.Length];
        root.CopyTo(link);
        byte[] header = [0xa2, 0x65, .. "roots"u8, 0x81, 0xd8, 42, 0x58, (byte)(link.Length + 1), 0, .. link, 0x67, .. "version"u8, 1];
        List<byte> car = [(byte)header.Length, .. header];
        foreach ((Cid cid, byte[] bytes) in bag.Sections)
        {
            byte[] name = new byte[cid.Length];
            cid.CopyTo(name);
            Assert.InRange(name.Length + bytes.Length, 0, 127);
            car.AddRange([(byte)(name.Length + bytes.Length), .. name, .. bytes]);
        }
        return [.. car];
    }
}
