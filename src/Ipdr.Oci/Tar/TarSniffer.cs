namespace Ipdr.Oci.Tar;

/// <summary>Tells what a file that is no tar archive seems to be, so that the message names the real mistake.</summary>
internal static class TarSniffer
{
    /// <summary>Bytes that <see cref="LooksLikeTar"/> needs.</summary>
    public const int StartLength = TarBlock.Size;

    // Before it stands the line that runs it.
    private const int SifMagicOffset = 32;

    /// <summary>Could this be the beginning of a tar archive: a header whose checksum holds, or the zero block of an empty archive?</summary>
    public static bool LooksLikeTar(ReadOnlySpan<byte> start)
    {
        if (start.Length < TarBlock.Size)
            return false;
        ReadOnlySpan<byte> block = start[..TarBlock.Size];
        return !block.ContainsAnyExcept((byte)0) || new TarHeader(block, 0).StatedChecksum is var stated && (stated == TarBlock.UnsignedChecksum(block) || stated == TarBlock.SignedChecksum(block));
    }

    /// <summary>A name for what begins like <paramref name="start"/>, or null.</summary>
    public static string? Guess(ReadOnlySpan<byte> start) => start switch
    {
        _ when start.Length > SifMagicOffset && start[SifMagicOffset..].StartsWith("SIF_MAGIC"u8) => "a Singularity image (SIF)",
        [0x1f, 0x8b, ..] => "gzip-compressed data",
        [0x28, 0xb5, 0x2f, 0xfd, ..] or [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18, ..] => "zstd-compressed data",
        [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => "xz-compressed data",
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', ..] => "bzip2-compressed data",
        [0x04, 0x22, 0x4d, 0x18, ..] => "lz4-compressed data",
        [(byte)'L', (byte)'Z', (byte)'I', (byte)'P', ..] => "lzip-compressed data",
        [0x1f, 0x9d, ..] => "data compressed by compress (.Z)",
        [(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => "a 7z archive",
        [(byte)'h', (byte)'s', (byte)'q', (byte)'s', ..] => "a squashfs file system",
        [(byte)'M', (byte)'Z', ..] => "a program (Windows)",
        [(byte)'P', (byte)'K', 3, 4, ..] => "a zip file",
        [0x7f, (byte)'E', (byte)'L', (byte)'F', ..] => "a program (ELF)",
        [(byte)'{', ..] or [(byte)'[', ..] => "JSON",
        [(byte)'<', ..] => "HTML or XML",
        _ => null,
    };
}
