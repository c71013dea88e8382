using System.Diagnostics;
using Ipdr.Interop.Tests.Archives;
using Ipdr.Interop.Tests.Layouts;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests;

/// <summary>Nothing half-done is visible: after a kill, on a full disk, and with two at once.</summary>
public sealed class CrashTests
{
    private const int Kills = 50;

    [Fact]
    public async Task Kill_9_at_any_moment_leaves_a_destination_that_is_absent_or_whole()
    {
        using TemporaryFolder folder = new();
        GeneratedArchive archive = await GeneratedArchive.WriteAsync(folder["large.tar"], "crash/large:1", layers: 4, bytesPerLayer: 4 << 20, seed: 1);
        string existing = (await GeneratedArchive.WriteAsync(folder["small.tar"], "crash/small:1", layers: 1, bytesPerLayer: 1 << 16, seed: 9)).ImageId;
        Directory.CreateDirectory(folder["to"]);
        string destination = Path.Combine(folder["to"], "layout");
        TimeSpan whole = await TimeOfAsync(() => IpdrProgram.ConvertAsync(archive.Path, destination));
        Random random = new(20260801);
        int cut = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            bool hasAnother = kill % 2 == 1;
            await PrepareAsync(folder, destination, hasAnother);
            if (await KillAsync(archive.Path, destination, whole * random.NextDouble()))
                cut++;
            string[] before = hasAnother ? [existing] : [];
            await CheckWholeOrAbsentAsync(destination, before, archive.ImageId);

            TimeSpan again = await TimeOfAsync(() => IpdrProgram.ConvertAsync(archive.Path, destination));
            whole = again < whole ? again : whole;                                           // the machine may have been busy the first time
            Assert.Equal([destination], Directory.EnumerateFileSystemEntries(folder["to"]));
            Assert.Empty(LayoutCheck.StrayNames(destination));
            Assert.Equal(before.Append(archive.ImageId).Order(), new OciLayoutFolder(destination).ImageIds.Order());
            await LayoutCheck.AssertSoundAsync(destination);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{cut} of {Kills} conversions were cut off; a whole one takes {whole.TotalMilliseconds:F0} ms");
        Assert.True(cut >= Kills / 4, $"only {cut} of {Kills} conversions were cut off");
    }

    [Fact]
    public async Task A_full_disk_ends_with_1_a_clear_message_and_nothing_written()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small file system needs root");
        using TemporaryFolder folder = new();
        GeneratedArchive archive = await GeneratedArchive.WriteAsync(folder["large.tar"], "full/disk:1", layers: 2, bytesPerLayer: 8 << 20, seed: 5);
        string small = folder["small"];
        Directory.CreateDirectory(small);
        ProgramResult mounted = await ExternalProgram.Require("mount").RunAsync("-t", "tmpfs", "-o", "size=4m", "tmpfs", small);
        Assert.SkipUnless(mounted.Succeeded, $"no file system can be mounted here: {mounted.Errors.Trim()}");
        try
        {
            ProgramResult result = await IpdrProgram.TryConvertAsync(archive.Path, Path.Combine(small, "layout"));
            Assert.Equal(1, result.ExitCode);
            Assert.Contains("space", result.Errors, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(small));
        }
        finally
        {
            (await ExternalProgram.Require("umount").RunAsync(small)).OrFail();
        }
    }

    [Fact]
    public async Task Two_conversions_into_one_layout_at_once_both_arrive()
    {
        const int Rounds = 8;
        using TemporaryFolder folder = new();
        string[] archives = [folder["a.tar"], folder["b.tar"], folder["c.tar"]];
        string[] ids = new string[archives.Length];
        for (int index = 0; index < archives.Length; index++)
            ids[index] = (await GeneratedArchive.WriteAsync(archives[index], $"at/once:{index}", layers: 3, bytesPerLayer: 1 << 20, seed: 10 + index)).ImageId;
        for (int round = 0; round < Rounds; round++)
        {
            string destination = folder[$"layout-{round}"];
            await IpdrProgram.ConvertAsync(archives[0], destination);
            await Task.WhenAll(IpdrProgram.ConvertAsync(archives[1], destination), IpdrProgram.ConvertAsync(archives[2], destination));
            Assert.Equal(ids.Order(), new OciLayoutFolder(destination).ImageIds.Order());
            await LayoutCheck.AssertSoundAsync(destination);
            Assert.Empty(LayoutCheck.StrayNames(destination));
        }
    }

    private static async Task PrepareAsync(TemporaryFolder folder, string destination, bool hasAnother)
    {
        if (Directory.Exists(destination))
            Directory.Delete(destination, recursive: true);
        if (hasAnother)
            await IpdrProgram.ConvertAsync(folder["small.tar"], destination);
    }

    /// <summary>True if the conversion was still running when it was killed.</summary>
    private static async Task<bool> KillAsync(string archive, string destination, TimeSpan delay)
    {
        using Process process = IpdrProgram.Program.Start(IpdrProgram.ArgumentsFor(archive, destination));
        Task reading = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.StandardInput.Close();
        await Task.Delay(delay, TestContext.Current.CancellationToken);
        bool running = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await reading;
        return running;
    }

    private static async Task CheckWholeOrAbsentAsync(string destination, string[] before, string added)
    {
        if (before.Length == 0 && !Directory.Exists(destination))
            return;
        await LayoutCheck.AssertSoundAsync(destination);
        IReadOnlySet<string> present = new OciLayoutFolder(destination).ImageIds;
        Assert.Superset(before.ToHashSet(), present.ToHashSet());
        Assert.Subset(before.Append(added).ToHashSet(), present.ToHashSet());
    }

    private static async Task<TimeSpan> TimeOfAsync(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start);
    }
}
