using Ipdr.Oci.Faults;
using Ipdr.Oci.Tests.Tar;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>What can be wrong with the tar archive that a layer is, and with what is in it.</summary>
internal static class LayerDefects
{
    public static IEnumerable<Defect> All => [.. OfArchive(), .. OfMembers()];

    private static IEnumerable<Defect> OfArchive()
    {
        yield return Defect.OfLayer("no tar archive", FaultCode.NotAnArchive, () => SampleLayer.PlainOf([.. Enumerable.Repeat((byte)'x', 2000)]));
        yield return Layer("a body that is cut off", FaultCode.Truncated, tar => tar.Header("x", size: 5000).Raw(new byte[1000]), withEnd: false);
        yield return Layer("a header with a wrong checksum", FaultCode.BadChecksum, tar => tar.File("x", "x").Raw(Spoil(new TarBuilder().File("y", "y").ToArray(), 148)));
        yield return Layer("a negative size", FaultCode.BadHeader, tar => tar.Header("x", change: block => block.AsSpan(124, 12).Fill(0xFF)));
        yield return Layer("a sparse form that is not known", FaultCode.Sparse, tar => tar.Pax('x', ("GNU.sparse.major", "9"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "x")).File("x", "x"));
        yield return Layer("no end blocks", FaultCode.MissingEndBlocks, tar => tar.File("x", "x"), withEnd: false);
        yield return Layer("no zeros after the last body", FaultCode.MissingEndBlocks, tar => tar.Header("x", size: 3).Raw("xyz"u8.ToArray()), withEnd: false);
        yield return Layer("data behind the end blocks", FaultCode.TrailingData, tar => tar.File("x", "x").End().Raw([.. Enumerable.Repeat((byte)'x', 512)]));
    }

    private static IEnumerable<Defect> OfMembers()
    {
        yield return Layer("a name that climbs", FaultCode.PathTraversal, tar => tar.File("etc/../../x", "x"));
        yield return Layer("a hard link that climbs", FaultCode.PathTraversal, tar => tar.Header("x", '1', link: "../etc/passwd"));
        yield return Layer("an absolute name", FaultCode.AbsolutePath, tar => tar.File("/etc/x", "x"));
        yield return Layer("a symbolic link that climbs", FaultCode.LinkOutside, tar => tar.Header("etc/x", '2', link: "../../etc/passwd"));
        yield return Layer("a character device", FaultCode.DeviceNode, tar => tar.Header("dev/null", '3'));
        yield return Layer("a block device", FaultCode.DeviceNode, tar => tar.Header("dev/sda", '4'));
        yield return Layer("a whiteout of nothing", FaultCode.BadWhiteout, tar => tar.File("etc/.wh.", ""));
        yield return Layer("a whiteout of its own folder", FaultCode.BadWhiteout, tar => tar.File("etc/.wh..", ""));
        yield return Layer("a whiteout of the folder above", FaultCode.BadWhiteout, tar => tar.File("etc/.wh...", ""));
        yield return Layer("a whiteout of what never was", FaultCode.DanglingWhiteout, tar => tar.File("etc/.wh.nothing", ""));
        yield return Layer("a whiteout of what is hidden already", FaultCode.DanglingWhiteout, tar => tar.File("etc/.wh.a", ""));
        yield return Layer("an opaque whiteout in a folder that never was", FaultCode.DanglingWhiteout, tar => tar.File("new/.wh..wh..opq", "").File("new/x", "x"));
        yield return Layer("a program with the rights of its owner", FaultCode.Setuid, tar => tar.Header("su", change: block => TarBuilder.Put(block, 100, "0004755")));
        yield return Layer("a program with the rights of its group", FaultCode.Setuid, tar => tar.Header("wall", change: block => TarBuilder.Put(block, 100, "0002755")));
        yield return Layer("names that differ in case", FaultCode.CaseCollision, tar => tar.File("usr/Straße", "x").File("usr/STRAßE", "y"));
        yield return Layer("folders that differ in case", FaultCode.CaseCollision, tar => tar.File("opt/x", "x").Header("Opt/", '5'));
        yield return Layer("a name twice", FaultCode.DuplicatePath, tar => tar.File("x", "one").File("./x", "two"));
    }

    private static Defect Layer(string name, FaultCode code, Action<TarBuilder> fill, bool withEnd = true) => Defect.OfLayer("layer: " + name, code, () => SampleLayer.Of(fill, withEnd));

    private static byte[] Spoil(byte[] bytes, int at)
    {
        bytes[at] = bytes[at] == (byte)'7' ? (byte)'6' : (byte)'7';
        return bytes;
    }
}
