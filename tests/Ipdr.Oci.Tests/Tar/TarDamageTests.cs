using CsCheck;

namespace Ipdr.Oci.Tests.Tar;

/// <summary>Whatever the bytes are, reading them gives a result or a <see cref="Ipdr.Oci.Tar.TarFormatException"/>.</summary>
public sealed class TarDamageTests
{
    /// <summary>Bytes of a body that are read, more than one hole of the sparse members and not all of it.</summary>
    private const int SomeBytes = 1500;

    private static readonly string[] Magics = [TarBuilder.PosixMagic, TarBuilder.GnuMagic, TarBuilder.NoMagic];

    [Fact]
    public async Task An_archive_with_any_byte_flipped_gives_a_fault_or_a_result()
    {
        for (int offset = 0; offset < Zoo.Bytes.Length; offset++)
        {
            byte[] damaged = [.. Zoo.Bytes];
            damaged[offset] ^= 0xff;

            await TarReading.OfAsync(damaged, maxBody: SomeBytes);
        }
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x80)]
    public async Task A_block_with_any_byte_flipped_and_the_checksum_made_right_gives_a_fault_or_a_result(byte mask)
    {
        for (int offset = 0; offset < Zoo.Bytes.Length; offset++)
        {
            byte[] damaged = [.. Zoo.Bytes];
            damaged[offset] ^= mask;
            TarBuilder.Seal(damaged.AsSpan(offset / 512 * 512, 512));

            await TarReading.OfAsync(damaged, maxBody: SomeBytes);
        }
    }

    [Fact]
    public async Task Bytes_without_sense_give_a_fault_or_a_result() => await Gen.Byte.Array[0, 3000]
        .SampleAsync(async bytes => { await TarReading.OfAsync(bytes); });

    [Fact]
    public async Task Headers_of_random_fields_with_right_checksums_give_a_fault_or_a_result() => await Gen
        .Select(Gen.Char["\001234567xgLKSV"], Gen.Byte.Array[512, 512], Gen.Int[0, 511], Gen.Int[0, 511], Gen.Int[0, 2])
        .Array[1, 8].SampleAsync(async headers =>
        {
            TarBuilder archive = new();
            foreach ((char type, byte[] noise, int from, int to, int magic) in headers)
            {
                archive.Header("name", type, size: noise[0], magic: Magics[magic], change: block =>
                {
                    for (int i = Math.Min(from, to); i < Math.Min(Math.Max(from, to), Math.Min(from, to) + 40); i++)
                        block[i] = noise[i];
                });
                archive.Raw(noise);
            }
            await TarReading.OfAsync(archive);
        });
}
