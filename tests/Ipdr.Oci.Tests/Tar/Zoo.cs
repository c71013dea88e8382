namespace Ipdr.Oci.Tests.Tar;

/// <summary>An archive with one member of every form.</summary>
internal static class Zoo
{
    public static byte[] Bytes { get; } = Build().ToArray();

    public static TarBuilder Build() => new TarBuilder()
        .File("plain", "content of plain")
        .File("v7", "old", '\0', TarBuilder.NoMagic)
        .Header("v7dir/", '\0', magic: TarBuilder.NoMagic)
        .File("gnu", "of GNU", '7', TarBuilder.GnuMagic)
        .Header("name", size: 3, change: block => TarBuilder.Put(block, 345, "some/prefix")).Body("abc")
        .Header("dir/", '5')
        .Header("symlink", '2', link: "../plain")
        .Header("hardlink", '1', size: 16, link: "plain")
        .Header("device", '3', change: block => { TarBuilder.Put(block, 329, "0000005"); TarBuilder.Put(block, 337, "0000001"); })
        .Header("fifo", '6')
        .Pax('g', ("comment", "to all"), ("uname", "everybody"))
        .Pax('x', ("path", "p\u00c3\u00a4x"), ("size", "600"), ("mtime", "1.5"), ("SCHILY.xattr.user.a", "b\nc\0\u00ff"))
        .Header("short").Body(new string('x', 600))
        .GnuLong('K', new string('t', 300))
        .GnuLong('L', new string('n', 700))
        .Header("cut", '2', link: "cut", magic: TarBuilder.GnuMagic)
        .Raw(SparseSamples.OldGnu()).Raw(SparseSamples.Pax10()).Raw(SparseSamples.Pax01()).Raw(SparseSamples.Pax00())
        .File("other", "volume", 'V')
        .File("last", "")
        .End();
}
