using System.Diagnostics;
using Ipdr.Interop.Tests.Archives;
using Ipdr.Interop.Tests.Layouts;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>A copy that is killed leaves nothing half-done, and the next one goes on from there.</summary>
public sealed class CopyCrashTests : IDisposable
{
    private const int Kills = 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("oci:")]
    [InlineData("oci-archive:")]
    public async Task Kill_9_at_any_moment_and_the_second_run_ends_right_and_moves_less(string form)
    {
        GeneratedArchive archive = await GeneratedArchive.WriteAsync(_folder["large.tar"], "crash/large:1", layers: 6, bytesPerLayer: 4 << 20, seed: 1);
        CopyProgram copy = new(_folder);
        CopyReport stored = await copy.CopyAsync(archive.Path, "store:crash:1");
        await using IpdrServer server = await IpdrServer.StartAsync(_folder["store"]);
        Directory.CreateDirectory(_folder["to"]);
        string source = $"docker://{server.Host}/crash:1", path = Path.Combine(_folder["to"], "out");
        long start = Stopwatch.GetTimestamp();
        CopyReport whole = await copy.CopyAsync(source, form + path);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        Random random = new(20260801);
        int cut = 0, less = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            Remove(path);
            // Half of them at any moment, most of which come before the first byte; half when a layer has arrived, and the next run has something to go on from.
            cut += await (kill % 2 == 0
                ? KillAsync(copy, source, form + path, time * random.NextDouble())
                : KillAsync(copy, source, form + path, process => UntilArrivedAsync(process, _folder["to/.out.ipdr.partial"], 1 + kill / 2 % 3, ofBytes: 1 << 20))) ? 1 : 0;
            // What appeared is whole: the kill came after it.
            Remove(path);
            CopyReport again = await copy.CopyAsync(source, form + path);
            less += again.CopiedBytes < whole.CopiedBytes ? 1 : 0;
            Assert.Equal(stored.Images[0].Manifest.Digest, Assert.Single(again.Images).Manifest.Digest);
            Assert.Equal([path], Directory.EnumerateFileSystemEntries(_folder["to"]));
            if (form == "oci:")
                await LayoutCheck.AssertSoundAsync(path);
            else
                (await IpdrProgram.Program.RunAsync("verify", "--quick", path)).OrFail();
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{cut} of {Kills} copies were cut off, {less} second runs moved less than {whole.CopiedBytes} bytes; a whole one takes {time.TotalMilliseconds:F0} ms");
        Assert.True(cut >= Kills / 4, $"only {cut} of {Kills} copies were cut off");
        Assert.True(less >= 1, "no second run moved less");
    }

    [Fact]
    public async Task A_push_that_is_killed_is_finished_by_the_next_and_sends_less()
    {
        GeneratedArchive archive = await GeneratedArchive.WriteAsync(_folder["large.tar"], "crash/large:1", layers: 6, bytesPerLayer: 4 << 20, seed: 2);
        CopyProgram copy = new(_folder);
        await copy.CopyAsync(archive.Path, $"oci:{_folder["layout"]}");
        int less = 0, cut = 0;
        for (int kill = 0; kill < 10; kill++)
        {
            string home = _folder[$"served-{kill}"];
            await using IpdrServer server = await IpdrServer.StartAsync(home);
            string target = $"docker://{server.Host}/crash:1";
            int arrived = kill % 4 + 1;
            cut += await KillAsync(copy, $"oci:{_folder["layout"]}", target, process => UntilArrivedAsync(process, Path.Combine(home, "blobs"), arrived)) ? 1 : 0;
            CopyReport again = await copy.CopyAsync($"oci:{_folder["layout"]}", target);
            less += again.SkippedBytes > 0 ? 1 : 0;
            Assert.Equal(archive.ImageId, Assert.Single(again.Images[0].ImageIds));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{cut} of 10 copies were cut off, {less} second runs sent less");
        Assert.True(cut >= 1, "no copy was cut off");
        Assert.True(less >= cut, $"only {less} second runs sent less");
    }

    [Fact]
    public async Task A_full_disk_ends_with_1_and_with_room_the_copy_goes_on()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small file system needs root");
        GeneratedArchive archive = await GeneratedArchive.WriteAsync(_folder["large.tar"], "full/disk:1", layers: 2, bytesPerLayer: 8 << 20, seed: 5);
        CopyProgram copy = new(_folder);
        await copy.CopyAsync(archive.Path, $"oci:{_folder["layout"]}");
        string small = _folder["small"];
        Directory.CreateDirectory(small);
        ProgramResult mounted = await ExternalProgram.Require("mount").RunAsync("-t", "tmpfs", "-o", "size=4m", "tmpfs", small);
        Assert.SkipUnless(mounted.Succeeded, $"no file system can be mounted here: {mounted.Errors.Trim()}");
        try
        {
            ProgramResult result = await copy.Program.RunAsync("copy", $"oci:{_folder["layout"]}", $"oci:{small}/copy");
            Assert.Equal(1, result.ExitCode);
            Assert.Contains("[disk-full]", result.Errors, StringComparison.Ordinal);
            Assert.False(Path.Exists($"{small}/copy"));
            (await ExternalProgram.Require("mount").RunAsync("-o", "remount,size=64m", small)).OrFail();
            CopyReport again = await copy.CopyAsync($"oci:{_folder["layout"]}", $"oci:{small}/copy");
            Assert.True(again.SkippedBytes > 0);
            await LayoutCheck.AssertSoundAsync($"{small}/copy");
        }
        finally
        {
            (await ExternalProgram.Require("umount").RunAsync(small)).OrFail();
        }
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        File.Delete(path);
    }

    private static Task<bool> KillAsync(CopyProgram copy, string from, string to, TimeSpan delay) =>
        KillAsync(copy, from, to, _ => Task.Delay(delay, TestContext.Current.CancellationToken));

    /// <summary>True if the copy was still running when it was killed.</summary>
    private static async Task<bool> KillAsync(CopyProgram copy, string from, string to, Func<Process, Task> moment)
    {
        using Process process = copy.Program.Start(["copy", from, to]);
        Task reading = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.StandardInput.Close();
        await moment(process);
        bool running = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await reading;
        return running;
    }

    /// <summary>Waits until so many blobs have arrived, or the program has ended.</summary>
    private static async Task UntilArrivedAsync(Process process, string blobs, int count, long ofBytes = 0)
    {
        while (!process.HasExited && Arrived(blobs, ofBytes) < count)
            await Task.Delay(1, TestContext.Current.CancellationToken);
    }

    private static int Arrived(string blobs, long ofBytes)
    {
        try
        {
            return new DirectoryInfo(blobs).EnumerateFiles("*", SearchOption.AllDirectories).Count(file => file.Extension != ".part" && file.Length >= ofBytes);
        }
        catch (IOException)
        {
            // Not there yet, or moved on while it was looked at.
            return 0;
        }
    }
}
