namespace Ipdr.Oci.Tar;

/// <summary>A header block seen through the table of its fields; borrows the block.</summary>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block, long offset)
{
    private readonly ReadOnlySpan<byte> _block = block;

    /// <summary>Where the block begins in the archive.</summary>
    public long Offset { get; } = offset;

    public byte TypeFlag => TarFields.Type.In(_block)[0];

    public bool HasPosixMagic => TarFields.Magic.In(_block).SequenceEqual("ustar\0"u8);

    public bool HasGnuMagic =>
        TarFields.Magic.In(_block).SequenceEqual("ustar "u8) && TarFields.Version.In(_block).SequenceEqual(" \0"u8);

    /// <summary>The checksum that the block states; -1 when it is no number.</summary>
    public long StatedChecksum => TarNumber.TryParseField(TarFields.Checksum.In(_block), out long stated) ? stated : -1;

    /// <summary>Bytes of the stored body.</summary>
    public long Size => NotNegative(TarFields.Size);

    public int Mode =>
        NotNegative(TarFields.Mode) is var mode and <= int.MaxValue ? (int)mode : throw Malformed(TarFields.Mode, "is too large");

    /// <summary>The name with its prefix, which only POSIX headers have: GNU and star use (part of) the place for something else.</summary>
    public string Name
    {
        get
        {
            ReadOnlySpan<byte> name = Text(TarFields.Name);
            if (!HasPosixMagic)
                return TarText.Decode(name);
            bool star = TarFields.StarTrailer.In(_block).SequenceEqual("tar\0"u8);
            ReadOnlySpan<byte> prefix = Text(star ? TarFields.StarPrefix : TarFields.Prefix);
            return prefix.IsEmpty ? TarText.Decode(name) : TarText.Decode([.. prefix, (byte)'/', .. name]);
        }
    }

    public ReadOnlySpan<byte> Text(TarField field) => TarText.UntilNul(field.In(_block));

    public long Number(TarField field) =>
        TarNumber.TryParseField(field.In(_block), out long value) ? value : throw Malformed(field, "is not a number");

    /// <exception cref="TarFormatException">The sum of the bytes is not the stated one, neither as unsigned nor as signed bytes.</exception>
    public void VerifyChecksum()
    {
        long stated = StatedChecksum;
        int actual = TarBlock.UnsignedChecksum(_block);
        if (stated != actual && stated != TarBlock.SignedChecksum(_block))
            throw Offset == 0 && !HasPosixMagic && !HasGnuMagic
                ? TarFaults.NotAnArchive(TarSniffer.Guess(_block))
                : TarFaults.BadChecksum(Offset, stated, actual);
    }

    private long NotNegative(TarField field) => Number(field) is var value and >= 0 ? value : throw Malformed(field, "is negative");

    private TarFormatException Malformed(TarField field, string what) =>
        TarFaults.BadHeader($"the header's {field.Name} {what}", TarText.Decode(Text(TarFields.Name)), Offset + field.Offset);
}
