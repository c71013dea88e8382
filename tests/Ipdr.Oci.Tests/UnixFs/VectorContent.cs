using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Ipdr.Oci.Tests.UnixFs;

/// <summary>The content of a file as the vectors describe it, at any position.</summary>
internal sealed record VectorContent(long Length, VectorContent.Filler Fill)
{
    public delegate void Filler(long offset, Span<byte> destination);

    /// <param name="recipe">The description.</param>
    /// <param name="index">The number of the file among those that share the description.</param>
    public static VectorContent Of(JsonElement recipe, int index = 0)
    {
        if (recipe.TryGetProperty("text", out JsonElement text))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text.GetString()!);
            return new VectorContent(bytes.Length, (offset, destination) => bytes.AsSpan((int)offset, destination.Length).CopyTo(destination));
        }
        int seed = recipe.TryGetProperty("seed", out JsonElement given) ? given.GetInt32() : 0;
        seed += recipe.TryGetProperty("seedPlusIndex", out JsonElement plus) && plus.GetBoolean() ? index : 0;
        return new VectorContent(recipe.GetProperty("length").GetInt64(), recipe.GetProperty("gen").GetString() switch
        {
            "ramp" => (offset, destination) => Ramp(seed, offset, destination),
            "splitmix" => (offset, destination) => SplitMix((ulong)seed, offset, destination),
            "fill" => FillWith(recipe.GetProperty("byte").GetByte()),
            "chacha20" => new ChaCha20(recipe.GetProperty("seedText").GetString()!).Fill,
            string other => throw new InvalidDataException($"the vectors have no generator {other}"),
            null => throw new InvalidDataException("no generator"),
        });
    }

    public Stream Open() => new GeneratedStream(Length, Fill);

    private static Filler FillWith(byte value) => (_, destination) => destination.Fill(value);

    private static void Ramp(int seed, long offset, Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = (byte)((offset + i) * 7 + ((offset + i) >> 8) * 13 + ((offset + i) >> 16) * 31 + seed);
    }

    private static void SplitMix(ulong seed, long offset, Span<byte> destination)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        for (int i = 0; i < destination.Length; i++)
        {
            ulong z = seed * 0x100000001 + (ulong)((offset + i) / sizeof(ulong)) + 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            BinaryPrimitives.WriteUInt64LittleEndian(word, z ^ (z >> 31));
            destination[i] = word[(int)((offset + i) % sizeof(ulong))];
        }
    }
}
