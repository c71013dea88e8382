using System.Diagnostics;
using System.Globalization;
using Ipdr.Oci.Tests.Conversion;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>Verification of input that was changed at random: it always ends, soon and with a report, and no changed byte that matters passes.</summary>
/// <remarks>
/// Some seconds by default; <c>IPDR_FUZZ_SECONDS=3600 …/Ipdr.Oci.Tests -class Ipdr.Oci.Tests.Verification.MutationTests</c> makes a long run by hand. Each run begins with the same seed, so that a failure, whose
/// message has the number of the attempt, comes again; <c>IPDR_FUZZ_SEED</c> takes another one.
/// </remarks>
public sealed class MutationTests
{
    private const int MaxMutations = 6;
    private const long MaxMemory = 300L << 20;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(Setting("IPDR_FUZZ_SECONDS", 6) / 2.0);
    private static readonly byte[][] Words = [.. new[] { "sha256:", "\"digest\"", "{", "}", "[", "]", "null", "-1", "1e999", "../", "/", "\0", "blobs/", "\"layers\":", "\\ud800" }.Select(System.Text.Encoding.UTF8.GetBytes)];

    [Fact]
    public async Task Changed_archives_and_layouts_always_get_a_report()
    {
        using TemporaryFolder folder = new();
        Random random = new((int)Setting("IPDR_FUZZ_SEED", 1));
        byte[][] corpus = [.. FixtureCases.All.Select(fixture => Fixtures.Archive(FixtureCases.Name(fixture))).Where(path => new FileInfo(path).Length < 64 << 10).Select(File.ReadAllBytes)];
        Stopwatch clock = Stopwatch.StartNew();
        for (int attempt = 0; clock.Elapsed < Budget; attempt++)
        {
            byte[] changed = Mutate(corpus[random.Next(corpus.Length)], corpus, random);
            string path = folder.File("changed.tar");
            await File.WriteAllBytesAsync(path, changed, TestContext.Current.CancellationToken);
            await VerifyInTimeAsync(path, attempt);
            // The same documents and blobs as a folder: names and contents change independently of a tar's structure.
            string layout = WriteChangedLayout(folder, attempt, random);
            await VerifyInTimeAsync(layout, attempt);
            Directory.Delete(layout, recursive: true);
        }
        // Other tests share the process of a short run; a long one is made alone.
        if (Environment.GetEnvironmentVariable("IPDR_FUZZ_SECONDS") is not null)
            Assert.InRange(Process.GetCurrentProcess().PeakWorkingSet64, 0, MaxMemory);
    }

    [Fact]
    public async Task A_changed_byte_in_a_reachable_blob_is_always_an_error()
    {
        using TemporaryFolder folder = new();
        Random random = new((int)Setting("IPDR_FUZZ_SEED", 1));
        SampleLayout[] samples = [SampleLayout.Oci(), SampleLayout.Hybrid(), SampleLayout.Registry("", SampleLayout.Oci())];
        Stopwatch clock = Stopwatch.StartNew();
        for (int attempt = 0; clock.Elapsed < Budget; attempt++)
        {
            SampleLayout sample = samples[random.Next(samples.Length)];
            string[] blobs = [.. sample.Files.Keys.Where(path => path.StartsWith("blobs/", StringComparison.Ordinal))];
            string blob = blobs[random.Next(blobs.Length)];
            byte[] sound = sample.Files[blob], changed = [.. sound];
            int at = random.Next(changed.Length);
            changed[at] ^= (byte)random.Next(1, 256);
            sample.Files[blob] = changed;
            string root = sample.WriteFolder(folder, "changed"), archive = sample.WriteArchive(folder);
            sample.Files[blob] = sound;
            Assert.False((await VerifyInTimeAsync(root, attempt)).IsSound(), $"attempt {attempt}: byte {at} of {blob} in a folder");
            if (blob.Count(c => c == '/') == 2)
                Assert.False((await VerifyInTimeAsync(archive, attempt)).IsSound(), $"attempt {attempt}: byte {at} of {blob} in an archive");
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<VerificationReport> VerifyInTimeAsync(string path, int attempt)
    {
        Task<VerificationReport> verification = Verifier.VerifyAsync(VerificationTarget.OfPath(path), new VerificationOptions { MaxLayerBytes = 64 << 20 }, null, TestContext.Current.CancellationToken);
        try
        {
            return await verification.WaitAsync(MaxTime, TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            string kept = Path.Combine(Path.GetTempPath(), $"ipdr-fuzz-{attempt}");
            if (File.Exists(path))
                File.Copy(path, kept, overwrite: true);
            throw new InvalidOperationException($"attempt {attempt} failed; the input is kept as {kept}", e);
        }
    }

    private static string WriteChangedLayout(TemporaryFolder folder, int attempt, Random random)
    {
        SampleLayout layout = (attempt % 3) switch
        {
            0 => SampleLayout.Oci(),
            1 => SampleLayout.Hybrid(),
            _ => SampleLayout.Registry("", SampleLayout.Oci()),
        };
        string[] paths = [.. layout.Files.Keys];
        byte[][] contents = [.. layout.Files.Values];
        string path = paths[random.Next(paths.Length)];
        layout.Files[path] = Mutate(layout.Files[path], contents, random);
        if (random.Next(4) == 0)
            layout.Remove(paths[random.Next(paths.Length)]);
        return layout.WriteFolder(folder, "changed");
    }

    /// <summary>Flips, overwrites, cuts, repeats, and mixes in pieces of other files.</summary>
    private static byte[] Mutate(byte[] source, byte[][] corpus, Random random)
    {
        List<byte> bytes = [.. source];
        for (int left = random.Next(1, MaxMutations + 1); left > 0; left--)
        {
            int at = random.Next(bytes.Count + 1);
            switch (random.Next(7))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 600), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, Words[random.Next(Words.Length)]);
                    break;
                case 4:
                    byte[] other = corpus[random.Next(corpus.Length)];
                    int from = random.Next(other.Length + 1);
                    bytes.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(2000))]);
                    break;
                case 5:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 6:
                    // A tar header whose checksum fits again after the change: the change itself is what is read then.
                    int block = at / 512 * 512;
                    if (block + 512 <= bytes.Count)
                    {
                        byte[] header = [.. bytes.GetRange(block, 512)];
                        header[random.Next(512)] = (byte)random.Next(256);
                        Tar.TarBuilder.Seal(header);
                        bytes.RemoveRange(block, 512);
                        bytes.InsertRange(block, header);
                    }
                    break;
            }
        }
        return [.. bytes];
    }

    private static double Setting(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out double value) ? value : otherwise;
}
