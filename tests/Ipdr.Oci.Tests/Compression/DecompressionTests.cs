using System.Diagnostics;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tests.Compression;

/// <summary>What the real programs compress comes back; what is cut short or changed never passes for whole.</summary>
public sealed class DecompressionTests
{
    public static TheoryData<string, string, CompressionFormat> Programs => new()
    {
        { "gzip", "-c", CompressionFormat.Gzip },
        { "zstd", "-c", CompressionFormat.Zstd },
        { "xz", "-c", CompressionFormat.Xz },
        { "xz", "-c -9e", CompressionFormat.Xz },
        { "xz", "-c -0 --check=crc32", CompressionFormat.Xz },
        { "xz", "-c --check=sha256 --block-size=70000", CompressionFormat.Xz },
        { "bzip2", "-c", CompressionFormat.Bzip2 },
        { "bzip2", "-c -1", CompressionFormat.Bzip2 },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task What_a_program_compressed_comes_back(string program, string arguments, CompressionFormat format)
    {
        foreach (byte[] content in Contents())
        {
            byte[] compressed = await CompressAsync(program, arguments, content);
            Assert.Equal(format, CompressionDetector.Detect(compressed));
            Assert.Equal(content, await DecodeAsync(compressed, format));
            byte[] twice = [.. content, .. content];
            Assert.Equal(twice, await DecodeAsync([.. compressed, .. compressed], format));
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Cut_anywhere_it_is_refused(string program, string arguments, CompressionFormat format)
    {
        byte[] compressed = await CompressAsync(program, arguments, Mixed(3000));
        for (int length = 1; length < compressed.Length; length += Math.Max(1, compressed.Length / 300))
            await Assert.ThrowsAsync<CompressionFormatException>(() => DecodeAsync(compressed[..length], format));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_changed_byte_never_changes_the_content_unnoticed(string program, string arguments, CompressionFormat format)
    {
        byte[] content = Mixed(3000), compressed = await CompressAsync(program, arguments, content);
        // Without a content checksum (zstd from a pipe has one) a change would be for the digests to find.
        for (int at = 0; at < compressed.Length; at += Math.Max(1, compressed.Length / 300))
        {
            byte[] changed = [.. compressed];
            changed[at] ^= 0x10;
            try
            {
                Assert.Equal(content, await DecodeAsync(changed, format));
            }
            catch (CompressionFormatException e)
            {
                Assert.NotEmpty(e.Fault.What);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Data_behind_the_end_is_refused_or_reported(string program, string arguments, CompressionFormat format)
    {
        byte[] whole = await CompressAsync(program, arguments, Mixed(100));
        byte[] compressed = [.. whole, .. "garbage!"u8];
        CompressionFormatException refused = await Assert.ThrowsAsync<CompressionFormatException>(() => DecodeAsync(compressed, format));
        Assert.Contains(refused.Fault.Code, new[] { FaultCode.TrailingData, FaultCode.BadCompression });
    }

    private static IEnumerable<byte[]> Contents()
    {
        yield return [];
        yield return [42];
        yield return new byte[1_000_000];
        yield return Mixed(2_500_000);
    }

    // Runs, text and noise by a formula.
    private static byte[] Mixed(int length)
    {
        byte[] content = new byte[length];
        uint state = 1;
        for (int i = 0; i < length; i++)
        {
            state = (state * 1664525) + 1013904223;
            content[i] = (i / 1000 % 4) switch
            {
                0 => (byte)(state >> 24),
                1 => (byte)('a' + (i % 23)),
                2 => (byte)"the quick brown fox "[(int)(state >> 28)],
                _ => 7,
            };
        }
        return content;
    }

    private static async Task<byte[]> DecodeAsync(byte[] compressed, CompressionFormat format)
    {
        await using DecompressionStream stream = Decompression.Open(new MemoryStream(compressed), format);
        using MemoryStream plain = new();
        await stream.CopyToAsync(plain, TestContext.Current.CancellationToken);
        return plain.ToArray();
    }

    private static async Task<byte[]> CompressAsync(string program, string arguments, byte[] content)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is not installed");
            throw;
        }
        using (process)
        {
            using MemoryStream output = new();
            Task reading = process.StandardOutput.BaseStream.CopyToAsync(output, TestContext.Current.CancellationToken);
            await process.StandardInput.BaseStream.WriteAsync(content, TestContext.Current.CancellationToken);
            process.StandardInput.Close();
            await reading;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return output.ToArray();
        }
    }
}
