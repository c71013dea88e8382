using System.Text;

namespace Ipdr.Oci.Tar;

/// <summary>Composes ustar header blocks (POSIX pax, "ustar Header Block"), and tells what does not fit in one.</summary>
internal static class TarHeaderBlock
{
    /// <summary>The name of the member that a pax header is, for readers that do not know what it is.</summary>
    private const string PaxHeaderName = "PaxHeader";

    private const int PaxHeaderMode = 0b110_100_100;

    /// <summary>Writes the block of a member; what does not fit is left out and expected in a pax header before it.</summary>
    public static void Compose(Span<byte> block, TarEntry entry, long size)
    {
        block.Clear();
        PutName(block, entry.Name);
        TarNumber.FormatOctal(block, TarFields.Mode, entry.Mode);
        PutNumber(block, TarFields.Uid, entry.Uid);
        PutNumber(block, TarFields.Gid, entry.Gid);
        PutNumber(block, TarFields.Size, size);
        PutNumber(block, TarFields.ModificationTime, entry.ModificationTime.Seconds);
        PutText(block, TarFields.LinkName, entry.LinkName);
        PutText(block, TarFields.UserName, entry.UserName);
        PutText(block, TarFields.GroupName, entry.GroupName);
        TarNumber.FormatOctal(block, TarFields.DeviceMajor, entry.DeviceMajor);
        TarNumber.FormatOctal(block, TarFields.DeviceMinor, entry.DeviceMinor);
        Seal(block, FlagOf(entry.Type));
    }

    /// <summary>Writes the block before the records of a pax header, the same for all members.</summary>
    public static void ComposePax(Span<byte> block, int size)
    {
        block.Clear();
        PutText(block, TarFields.Name, PaxHeaderName);
        TarNumber.FormatOctal(block, TarFields.Mode, PaxHeaderMode);
        TarNumber.FormatOctal(block, TarFields.Size, size);
        foreach (TarField field in (ReadOnlySpan<TarField>)
            [TarFields.Uid, TarFields.Gid, TarFields.ModificationTime, TarFields.DeviceMajor, TarFields.DeviceMinor])
            TarNumber.FormatOctal(block, field, 0);
        Seal(block, TarTypeFlag.PaxLocal);
    }

    /// <summary>Whether a name fits as it is, or split at a slash into prefix and name.</summary>
    public static bool FitsName(string name) => Fits(TarFields.Name, name) || SplitAt(name) > 0;

    /// <summary>Whether a text fits: ASCII, and as long as the field at most, less one where POSIX wants a NUL.</summary>
    public static bool Fits(TarField field, string text) => Ascii.IsValid(text)
        && text.Length <= (field == TarFields.UserName || field == TarFields.GroupName ? field.Length - 1 : field.Length);

    public static bool Fits(TarField field, long number) => number >= 0 && number <= TarNumber.MaxOctal(field);

    /// <exception cref="ArgumentException">The type cannot be written.</exception>
    public static byte FlagOf(TarEntryType type) => type switch
    {
        TarEntryType.RegularFile => TarTypeFlag.Regular,
        TarEntryType.HardLink => TarTypeFlag.HardLink,
        TarEntryType.SymbolicLink => TarTypeFlag.SymbolicLink,
        TarEntryType.CharacterDevice => TarTypeFlag.CharacterDevice,
        TarEntryType.BlockDevice => TarTypeFlag.BlockDevice,
        TarEntryType.Directory => TarTypeFlag.Directory,
        TarEntryType.Fifo => TarTypeFlag.Fifo,
        _ => throw new ArgumentException($"a member of type {type} cannot be written", nameof(type)),
    };

    private static void PutName(Span<byte> block, string name)
    {
        int slash = Fits(TarFields.Name, name) ? 0 : SplitAt(name);
        if (slash > 0)
            PutText(block, TarFields.Prefix, name[..slash]);
        PutText(block, TarFields.Name, slash > 0 ? name[(slash + 1)..] : name);
    }

    /// <summary>The last slash that leaves a prefix and a name which both fit; 0 if there is none.</summary>
    private static int SplitAt(string name)
    {
        if (!Ascii.IsValid(name) || name.Length < 3)
            return 0;
        int slash = name.LastIndexOf('/', Math.Min(name.Length - 2, TarFields.Prefix.Length));
        return slash > 0 && name.Length - slash - 1 <= TarFields.Name.Length ? slash : 0;
    }

    /// <summary>What is not ASCII becomes <c>_</c>, what is too long is cut: the pax header has the whole text.</summary>
    private static void PutText(Span<byte> block, TarField field, string text)
    {
        Span<byte> room = field.In(block);
        for (int i = 0; i < Math.Min(text.Length, room.Length); i++)
            room[i] = char.IsAscii(text[i]) ? (byte)text[i] : (byte)'_';
    }

    private static void PutNumber(Span<byte> block, TarField field, long number) =>
        TarNumber.FormatOctal(block, field, Fits(field, number) ? number : 0);

    private static void Seal(Span<byte> block, byte type)
    {
        TarFields.Type.In(block)[0] = type;
        "ustar\0"u8.CopyTo(TarFields.Magic.In(block));
        "00"u8.CopyTo(TarFields.Version.In(block));
        // Six digits, NUL, space: POSIX leaves the terminators open, every writer has these.
        TarField digits = TarFields.Checksum with { Length = TarFields.Checksum.Length - 1 };
        TarNumber.FormatOctal(block, digits, TarBlock.UnsignedChecksum(block));
        block[digits.End] = (byte)' ';
    }
}
