using System.Diagnostics;
using System.Security.Cryptography;

namespace Ipdr.Cli.Tests;

/// <summary>The same archive gives the same bytes whatever surrounds the process, and an interrupted one leaves nothing.</summary>
public sealed class ReproducibilityTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    /// <summary>Ways to run the same conversion: shell commands in which $IPDR, $ARCHIVE and $OUT stand for themselves.</summary>
    public static TheoryData<string> Ways =>
    [
        "DOTNET_PROCESSOR_COUNT=1 $IPDR convert $ARCHIVE -o $OUT",
        "DOTNET_PROCESSOR_COUNT=7 $IPDR convert $ARCHIVE -o $OUT",
        "cat $ARCHIVE | $IPDR convert - -o $OUT",
        "cat $ARCHIVE | DOTNET_PROCESSOR_COUNT=1 $IPDR convert - -o $OUT",
        "umask 077; $IPDR convert $ARCHIVE -o $OUT",
        "LC_ALL=tr_TR.UTF-8 TZ=Asia/Kathmandu $IPDR convert $ARCHIVE -o $OUT",
        "cd / && $IPDR convert $ARCHIVE -o $OUT",
        "SOURCE_DATE_EPOCH=1 $IPDR convert $ARCHIVE -o $OUT",
        "DOTNET_EnableHWIntrinsic=0 $IPDR convert $ARCHIVE -o $OUT",
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_output_does_not_depend_on_the_surroundings(string way)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no POSIX shell");
        // Layers that are compressed here, in more than one block, and an archive of several images.
        foreach (string archive in (string[])[CommandFolder.Archive("docker2010-multiimage.tar"), await _folder.LargeArchiveAsync()])
        {
            string plain = _folder["plain"], other = _folder["other"];
            await RunAsync("$IPDR convert $ARCHIVE -o $OUT", archive, plain);
            await RunAsync(way, archive, other);
            Assert.Equal(Listing(plain), Listing(other));
            Directory.Delete(plain, recursive: true);
            Directory.Delete(other, recursive: true);
        }
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task An_interrupted_conversion_ends_with_130_and_leaves_nothing(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no signals");
        Assert.SkipWhen(signal == "INT" && IsInterruptIgnored(), "SIGINT is ignored here, as by what a shell starts in the background, and so it is by the program");
        string layout = _folder["out"];
        // A pipe that stays open: the conversion waits for more in the middle of a member.
        using Process process = IpdrProcess.Start("convert", "-", "-o", layout);
        byte[] archive = await File.ReadAllBytesAsync(await _folder.LargeArchiveAsync(), TestContext.Current.CancellationToken);
        await process.StandardInput.BaseStream.WriteAsync(archive.AsMemory(0, archive.Length / 2), TestContext.Current.CancellationToken);
        await process.StandardInput.BaseStream.FlushAsync(TestContext.Current.CancellationToken);
        while (!Directory.EnumerateFileSystemEntries(_folder.Path, ".out.ipdr-*").Any())
            await Task.Delay(20, TestContext.Current.CancellationToken);
        using (Process kill = Process.Start("kill", ["-" + signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("interrupted", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder.Path), entry => entry.Contains("out", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    // proc(5): a mask, in which SIGINT is the second bit.
    private static bool IsInterruptIgnored() => File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is var ignored
        && (Convert.ToUInt64(ignored["SigIgn:".Length..].Trim(), 16) & 2) != 0;

    private static async Task RunAsync(string way, string archive, string output)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", way.Replace("$IPDR", $"\"{IpdrProcess.Host}\" \"{IpdrProcess.Program}\"", StringComparison.Ordinal)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        (start.Environment["ARCHIVE"], start.Environment["OUT"]) = (archive, output);
        using Process process = Process.Start(start)!;
        Task<string> result = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{way}: {await error}{await result}");
    }

    private static IReadOnlyList<string> Listing(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => $"{Path.GetRelativePath(folder, path)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}")
        .Order(StringComparer.Ordinal)];
}
