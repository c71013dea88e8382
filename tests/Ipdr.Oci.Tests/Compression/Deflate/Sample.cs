namespace Ipdr.Oci.Tests.Compression.Deflate;

/// <summary>Content made by a formula of integers: the same in every run, on every machine. Golden digests rest on it.</summary>
internal static class Sample
{
    /// <summary>The names that <see cref="OfLength"/> knows.</summary>
    public static string[] Kinds => ["zeros", "random", "text", "records", "numbers", "binary", "periodic", "mixed", "sparse"];

    public static byte[] OfLength(string kind, int length)
    {
        byte[] content = new byte[length];
        uint state = 0x1234_5678;
        switch (kind)
        {
            case "zeros":
                break;
            case "random":
                foreach (ref byte value in content.AsSpan())
                    value = (byte)(Next(ref state) >> 16);
                break;
            case "text":
                FillWords(content, ref state);
                break;
            case "records":
                for (int i = 0; i < length; i++)
                    content[i] = (i % 64) switch { < 8 => (byte)(i / 64 >> (8 * (i % 64 % 4))), < 24 => (byte)(Next(ref state) >> 30), < 56 => (byte)(i % 64), _ => 0xFF };
                break;
            case "numbers":
                for (int i = 0, number = 1; i < length; number++)
                {
                    foreach (char digit in $"{number}\n")
                    {
                        if (i < length)
                            content[i++] = (byte)digit;
                    }
                }
                break;
            case "binary":
                for (int i = 0; i < length; i++)
                    content[i] = (Next(ref state) >> 29) switch { < 3 => 0, < 6 => (byte)(Next(ref state) >> 27), _ => (byte)(Next(ref state) >> 17) };
                break;
            case "periodic":
                for (int i = 0; i < length; i++)
                    content[i] = (byte)((i % 40_000 * 7) ^ (i % 513));
                break;
            case "mixed":
                for (int i = 0, turn = 0; i < length; turn++)
                {
                    byte[] piece = OfLength(Kinds[turn % 7], Math.Min(3_000 + (int)(Next(ref state) >> 15), length - i));
                    piece.CopyTo(content, i);
                    i += piece.Length;
                }
                break;
            case "sparse":
                for (int i = 0; i < length; i += 1 + (int)(Next(ref state) >> 20))
                    content[i] = (byte)(Next(ref state) >> 24);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
        return content;
    }

    /// <summary>Keys of 300 bytes that begin alike, most of them the same, with something between them that is sometimes zeros.</summary>
    /// <param name="length">Bytes.</param>
    /// <param name="seed">Decides how many keys there are, how alike they are, and what is between them.</param>
    public static byte[] Variations(int length, uint seed)
    {
        uint state = seed * 2_654_435_761;
        uint Below(uint limit) => (uint)(((ulong)Next(ref state) * limit) >> 32);
        byte[] content = new byte[length];
        uint keys = 2 + Below(400), gap = 200 + Below(30_000), common = 4 + Below(8), alphabet = 1 + Below(3), filler = Below(3);
        for (int at = 0; at < length;)
        {
            int end = (int)Math.Min(length, at + 1 + Below(gap));
            if (filler == 0 || (filler == 1 && Below(2) == 0))
                at = end;
            while (at < end)
                content[at++] = (byte)(1 + Below(alphabet));
            uint key = Below(3) == 0 ? Below(keys) * 40_503 : 0;
            for (uint i = 0; i < 300 && at < length; i++, Next(ref key))
                content[at++] = i < common ? (byte)(200 + i) : (byte)(key >> 24);
        }
        return content;
    }

    // Some words are much more frequent than others, as in any language.
    private static void FillWords(Span<byte> content, ref uint state)
    {
        for (int i = 0; i < content.Length;)
        {
            uint rank = Next(ref state) >> (int)(17 + (Next(ref state) >> 29));
            uint word = (rank + 1) * 2654435761;
            for (int letters = 2 + (int)(word % 8); letters > 0 && i < content.Length; letters--, word = (word * 31) + 7)
                content[i++] = (byte)('a' + ((word >> 8) % 26));
            if (i < content.Length)
                content[i++] = (byte)(Next(ref state) >> 28 == 0 ? '\n' : ' ');
        }
    }

    // Knuth's linear congruential generator.
    private static uint Next(ref uint state) => state = (state * 1_664_525) + 1_013_904_223;
}
