using System.Diagnostics;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Tests.Tar;

/// <summary>The program <c>tar</c> and ours read each other.</summary>
public sealed class GnuTarTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ipdr-tar-").FullName;

    private static bool HasGnuTar { get; } = DetectGnuTar();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("v7")]
    [InlineData("ustar")]
    [InlineData("oldgnu")]
    [InlineData("gnu")]
    [InlineData("posix")]
    public async Task We_read_what_tar_writes(string format)
    {
        Assert.SkipUnless(HasGnuTar, "GNU tar is not installed here");
        Dictionary<string, byte[]> files = MakeTree(longNames: format is "oldgnu" or "gnu" or "posix");
        await TarAsync("--create", "--file=a.tar", $"--format={format}", "--sort=name", "--numeric-owner", "--directory=tree", ".");

        TarReading reading = await ReadAsync("a.tar");

        Assert.Null(reading.Fault);
        Assert.Equal((TarEnd.EndBlocks, 0L), (reading.End, reading.Trailing));
        Dictionary<string, byte[]> read = [];
        foreach ((TarEntry entry, byte[] body) in reading.Entries.Zip(reading.Bodies))
        {
            if (entry.Type == TarEntryType.RegularFile)
                read.Add(Path(entry), body);
        }
        Assert.Equal(files.Keys.Order(StringComparer.Ordinal), read.Keys.Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(file.Value, read[file.Key]));
        Assert.Equal("plain", reading.Entries.Single(entry => entry.Type == TarEntryType.SymbolicLink).LinkName);
        Assert.Equal("./plain", reading.Entries.Single(entry => entry.Type == TarEntryType.HardLink).LinkName);
        Assert.Contains(reading.Entries, entry => entry is { Type: TarEntryType.Directory, Name: "./dir/" });
        Assert.All(reading.Entries.Where(entry => entry.Type == TarEntryType.RegularFile), entry =>
            Assert.Equal(new TarTime(1_600_000_000, format == "posix" ? 250_000_000 : 0), entry.ModificationTime));
    }

    [Theory]
    [InlineData("--format=gnu")]
    [InlineData("--format=oldgnu")]
    [InlineData("--format=posix", "--sparse-version=0.0")]
    [InlineData("--format=posix", "--sparse-version=0.1")]
    [InlineData("--format=posix", "--sparse-version=1.0")]
    public async Task We_expand_the_sparse_files_that_tar_writes(params string[] options)
    {
        Assert.SkipUnless(HasGnuTar, "GNU tar is not installed here");
        byte[] content = new byte[600_000];
        using (FileStream file = File.Create(System.IO.Path.Combine(_folder, "sparse")))
        {
            for (int i = 0; i < 40; i++)
            {
                // Far enough apart for file systems to leave holes between.
                int offset = i * 14_336;
                content[offset] = (byte)(i + 1);
                file.Position = offset;
                file.WriteByte(content[offset]);
            }
            file.SetLength(content.Length);
        }
        await TarAsync(["--create", "--file=a.tar", "--sparse", "--hole-detection=raw", .. options, "sparse"]);

        TarReading reading = await ReadAsync("a.tar");

        Assert.Equal(("sparse", (long)content.Length, true), (reading.Single.Name, reading.Single.Size, reading.Single.IsSparse));
        Assert.Equal(content, reading.Bodies[0]);
        Assert.True(reading.Position < content.Length);
    }

    [Fact]
    public async Task Tar_reads_what_we_write()
    {
        Assert.SkipUnless(HasGnuTar, "GNU tar is not installed here");
        CancellationToken token = TestContext.Current.CancellationToken;
        (string Name, byte[] Body)[] members =
        [
            ("plain", "content"u8.ToArray()), ("dir/" + new string('n', 120), new byte[3000]), ("ünï", [1]), ("empty", []),
            (string.Concat(Enumerable.Repeat("deep/", 60)) + "file", [2, 3]),
        ];
        TarEntry template = new() { Name = "", Mode = 0b110_100_100, ModificationTime = new TarTime(5, 250_000_000) };
        await using (TarWriter writer = new(File.Create(System.IO.Path.Combine(_folder, "a.tar"))))
        {
            foreach ((string name, byte[] body) in members)
                await writer.WriteEntryAsync(template with { Name = name }, body, token);
            TarEntry link = template with { Name = "link", Type = TarEntryType.SymbolicLink, LinkName = "plain" };
            await writer.WriteEntryAsync(link, cancellationToken: token);
            await writer.WriteEntryAsync(link with { Name = "hard", Type = TarEntryType.HardLink }, cancellationToken: token);
            await writer.CompleteAsync(token);
        }
        string target = Directory.CreateDirectory(System.IO.Path.Combine(_folder, "out")).FullName;

        string complaints = await TarAsync("--extract", "--file=a.tar", "--directory=out");

        Assert.Equal("", complaints);
        foreach ((string name, byte[] body) in members)
            Assert.Equal(body, await File.ReadAllBytesAsync(System.IO.Path.Combine(target, name), token));
        Assert.Equal("plain", new FileInfo(System.IO.Path.Combine(target, "link")).LinkTarget);
        Assert.Equal("content", await File.ReadAllTextAsync(System.IO.Path.Combine(target, "hard"), token));
        Assert.Equal(5250, new DateTimeOffset(File.GetLastWriteTimeUtc(System.IO.Path.Combine(target, "plain"))).ToUnixTimeMilliseconds());
    }

    private static string Path(TarEntry entry) =>
        EntryPath.TryParse(entry.Name, out EntryPath path, out EntryPathFault reason)
            ? path.ToString() : throw new InvalidDataException($"{reason}");

    private Dictionary<string, byte[]> MakeTree(bool longNames)
    {
        Dictionary<string, byte[]> files = new()
        {
            ["plain"] = "content"u8.ToArray(),
            ["dir/empty"] = [],
            ["dir/one"] = [1],
            ["dir/block"] = new byte[512],
            ["dir/ünïcode " + new string('x', 50)] = new byte[70_000],
        };
        if (longNames)
            files.Add("dir/" + new string('n', 200) + "/" + new string('m', 200), [7]);
        foreach ((string name, byte[] content) in files)
        {
            FileInfo file = new(System.IO.Path.Combine(_folder, "tree", name));
            file.Directory!.Create();
            File.WriteAllBytes(file.FullName, content);
            File.SetLastWriteTimeUtc(file.FullName, DateTime.UnixEpoch.AddMilliseconds(1_600_000_000_250));
        }
        File.CreateSymbolicLink(System.IO.Path.Combine(_folder, "tree", "symlink"), "plain");
        Run("ln", "tree/plain", "tree/zz-hardlink");
        return files;
    }

    private async Task<TarReading> ReadAsync(string archive)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(System.IO.Path.Combine(_folder, archive));
        return await TarReading.OfAsync(new SeekablePipeReader(handle));
    }

    private Task<string> TarAsync(params string[] arguments) =>
        Task.Run(() => Run("tar", arguments), TestContext.Current.CancellationToken);

    private static bool DetectGnuTar()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("tar", "--version") { RedirectStandardOutput = true })!;
            return process.StandardOutput.ReadToEnd().Contains("GNU tar", StringComparison.Ordinal);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private string Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = _folder, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string complaints = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, complaints);
        return complaints;
    }
}
