namespace Ipdr.Oci.Tar;

/// <summary>The header block as a table, each offset derived from the field before (POSIX pax, "ustar Header Block").</summary>
internal static class TarFields
{
    public static readonly TarField Name = new("name", 0, 100);
    public static readonly TarField Mode = Name.Then("mode", 8);
    public static readonly TarField Uid = Mode.Then("uid", 8);
    public static readonly TarField Gid = Uid.Then("gid", 8);
    public static readonly TarField Size = Gid.Then("size", 12);
    public static readonly TarField ModificationTime = Size.Then("mtime", 12);
    public static readonly TarField Checksum = ModificationTime.Then("chksum", 8);
    public static readonly TarField Type = Checksum.Then("typeflag", 1);
    public static readonly TarField LinkName = Type.Then("linkname", 100);
    public static readonly TarField Magic = LinkName.Then("magic", 6);
    public static readonly TarField Version = Magic.Then("version", 2);
    public static readonly TarField UserName = Version.Then("uname", 32);
    public static readonly TarField GroupName = UserName.Then("gname", 32);
    public static readonly TarField DeviceMajor = GroupName.Then("devmajor", 8);
    public static readonly TarField DeviceMinor = DeviceMajor.Then("devminor", 8);
    public static readonly TarField Prefix = DeviceMinor.Then("prefix", 155);

    /// <summary>star cuts the prefix short for two times and ends the block with <see cref="StarTrailer"/>.</summary>
    public static readonly TarField StarPrefix = DeviceMinor.Then("prefix", 131);
    public static readonly TarField StarTrailer = new("star magic", TarBlock.Size - 4, 4);

    /// <summary>GNU uses the place of the prefix for times, and from here on for the first four pieces of a sparse file.</summary>
    public static readonly TarField GnuSparseMap = DeviceMinor.Then("atime, ctime, offset, longnames, unused", 41).Then("sparse", 4 * 24);
    public static readonly TarField GnuIsExtended = GnuSparseMap.Then("isextended", 1);
    public static readonly TarField GnuRealSize = GnuIsExtended.Then("realsize", 12);

    /// <summary>A GNU extension block: 21 more pieces and a mark whether another block follows.</summary>
    public static readonly TarField ExtensionMap = new("sparse", 0, 21 * 24);
    public static readonly TarField ExtensionIsExtended = ExtensionMap.Then("isextended", 1);
}
