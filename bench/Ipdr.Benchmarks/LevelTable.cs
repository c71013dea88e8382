using System.Diagnostics;
using System.IO.Compression;
using Ipdr.Oci.Compression;

namespace Ipdr.Benchmarks;

/// <summary>Size and speed of every gzip level on real files, beside those of System.IO.Compression, on one core.</summary>
/// <remarks>
/// All take turns on each piece of 4 MiB, and of several rounds each piece's shortest time counts: on a machine that has other things
/// to do too, that is the only fair way. Our own time includes the pipeline around the encoder and the CRC.
/// </remarks>
internal static class LevelTable
{
    private const int PieceSize = 4 << 20;
    private const int Rounds = 5;

    public static async Task PrintAsync(IReadOnlyList<string> files, TextWriter output)
    {
        await output.WriteLineAsync($"{"file",-20} {"compressor",-22} {"bytes",12} {"of plain",9} {"MB/s",8}");
        foreach (string file in files)
            await PrintAsync(file, output);
    }

    private static async Task PrintAsync(string file, TextWriter output)
    {
        byte[] content = await File.ReadAllBytesAsync(file);
        List<Contestant> contestants = [];
        for (int level = 1; level <= 9; level++)
        {
            CompressionSettings settings = new(CompressionFormat.Gzip, level);
            contestants.Add(new Contestant($"{settings.Recipe.Name} level {level}", piece => OursAsync(settings, piece)));
        }
        for (int level = 1; level <= 9; level++)
        {
            int chosen = level;
            contestants.Add(new Contestant($"System.IO.Compression {level}", piece => Task.FromResult(Theirs(chosen, piece))));
        }
        for (int round = 0; round < Rounds; round++)
        {
            for (int position = 0, index = 0; position < content.Length; position += PieceSize, index++)
            {
                foreach (Contestant contestant in contestants)
                    await contestant.RunAsync(index, content.AsMemory(position, Math.Min(PieceSize, content.Length - position)));
            }
        }
        foreach (Contestant contestant in contestants)
        {
            double share = 100.0 * contestant.Length / content.Length, speed = content.Length / contestant.Seconds / 1e6;
            await output.WriteLineAsync($"{Path.GetFileName(file),-20} {contestant.Name,-22} {contestant.Length,12} {share,8:F2}% {speed,8:F1}");
        }
    }

    private static async Task<long> OursAsync(CompressionSettings settings, ReadOnlyMemory<byte> piece)
    {
        int position = 0;
        CompressionResult result = await new ParallelCompressor(settings, 1).RunAsync(
            (memory, _) =>
            {
                int count = Math.Min(memory.Length, piece.Length - position);
                piece.Slice(position, count).CopyTo(memory);
                position += count;
                return ValueTask.FromResult(count);
            },
            (_, _) => ValueTask.CompletedTask,
            (_, _) => ValueTask.CompletedTask);
        return result.CompressedLength;
    }

    private static long Theirs(int level, ReadOnlyMemory<byte> piece)
    {
        using CountingStream counter = new();
        using (GZipStream gzip = new(counter, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true))
            gzip.Write(piece.Span);
        return counter.Count;
    }

    private sealed class Contestant(string name, Func<ReadOnlyMemory<byte>, Task<long>> compress)
    {
        private readonly List<(double Seconds, long Length)> _pieces = [];

        public string Name => name;

        public double Seconds => _pieces.Sum(piece => piece.Seconds);

        public long Length => _pieces.Sum(piece => piece.Length);

        public async Task RunAsync(int index, ReadOnlyMemory<byte> piece)
        {
            long start = Stopwatch.GetTimestamp();
            long length = await compress(piece);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (index == _pieces.Count)
                _pieces.Add((seconds, length));
            else
                _pieces[index] = (Math.Min(seconds, _pieces[index].Seconds), length);
        }
    }
}
