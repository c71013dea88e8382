using System.Globalization;

namespace Ipdr.Oci.Tests.Tar;

/// <summary>One file in every sparse form: 30 pieces of 10 bytes, each after a hole of 1000, and a hole at the end.</summary>
internal static class SparseSamples
{
    public const int Pieces = 30;
    public const int Size = Pieces * 1010 + 5000;
    public const string Name = "holes";

    public static byte[] Expanded { get; } = Expand();

    private static string Stored => string.Concat(Enumerable.Range(0, Pieces).Select(Piece));

    private static IEnumerable<(long Offset, long Length)> Map =>
        Enumerable.Range(0, Pieces).Select(i => (i * 1010L + 1000, 10L)).Append((Size, 0));

    public static byte[] OldGnu()
    {
        (long, long)[] map = [.. Map];
        TarBuilder archive = new TarBuilder().Header(Name, 'S', Stored.Length, magic: TarBuilder.GnuMagic, change: block =>
        {
            PutPairs(block, 386, map[..4]);
            block[482] = 1;
            TarBuilder.Put(block, 483, TarBuilder.Octal(Size, 11));
        });
        for (int done = 4; done < map.Length; done += 21)
        {
            byte[] block = new byte[512];
            PutPairs(block, 0, map[done..Math.Min(done + 21, map.Length)]);
            block[504] = done + 21 < map.Length ? (byte)1 : (byte)0;
            archive.Raw(block);
        }
        return archive.Body(Stored).ToArray();
    }

    public static byte[] Pax10()
    {
        string map = $"{Map.Count()}\n" + string.Concat(Map.Select(pair => $"{pair.Offset}\n{pair.Length}\n"));
        string body = map + new string('\0', (512 - map.Length % 512) % 512) + Stored;
        return new TarBuilder()
            .Pax('x', ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", Name), ("GNU.sparse.realsize", Text(Size)))
            .File("GNUSparseFile.1/holes", body).ToArray();
    }

    public static byte[] Pax01() => new TarBuilder()
        .Pax('x', ("GNU.sparse.size", Text(Size)), ("GNU.sparse.numblocks", Text(Map.Count())), ("GNU.sparse.name", Name),
            ("GNU.sparse.map", string.Join(',', Map.Select(pair => $"{pair.Offset},{pair.Length}"))))
        .File("GNUSparseFile.1/holes", Stored).ToArray();

    public static byte[] Pax00() => new TarBuilder()
        .Pax('x', [("GNU.sparse.size", Text(Size)), ("GNU.sparse.numblocks", Text(Map.Count())), .. Map.SelectMany(pair =>
            new (string, string)[] { ("GNU.sparse.offset", Text(pair.Offset)), ("GNU.sparse.numbytes", Text(pair.Length)) })])
        .File(Name, Stored).ToArray();

    private static void PutPairs(byte[] block, int offset, (long Offset, long Length)[] pairs)
    {
        for (int i = 0; i < pairs.Length; i++)
        {
            TarBuilder.Put(block, offset + 24 * i, TarBuilder.Octal(pairs[i].Offset, 11));
            TarBuilder.Put(block, offset + 24 * i + 12, TarBuilder.Octal(pairs[i].Length, 11));
        }
    }

    private static byte[] Expand()
    {
        byte[] file = new byte[Size];
        for (int i = 0; i < Pieces; i++)
            TarBuilder.Put(file, i * 1010 + 1000, Piece(i));
        return file;
    }

    private static string Piece(int i) => $"piece {i:D4}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
