using System.Globalization;
using System.Text;

namespace Ipdr.Oci.Tests.Tar;

/// <summary>Composes archives block by block, right or wrong, without any code of the library.</summary>
internal sealed class TarBuilder
{
    public const string PosixMagic = "ustar\000";
    public const string GnuMagic = "ustar  \0";
    public const string NoMagic = "";

    private readonly List<byte> _bytes = [];

    public long Length => _bytes.Count;

    public TarBuilder Header(
        string name, char type = '0', long size = 0, string link = "", string magic = PosixMagic, Action<byte[]>? change = null)
    {
        byte[] block = new byte[512];
        Put(block, 0, name);
        Put(block, 100, "0000644");
        Put(block, 108, "0001750");
        Put(block, 116, "0000144");
        Put(block, 124, Octal(size, 11));
        Put(block, 136, Octal(1_700_000_000, 11));
        block[156] = (byte)type;
        Put(block, 157, link);
        Put(block, 257, magic);
        if (magic.Length > 0)
        {
            Put(block, 265, "user");
            Put(block, 297, "group");
        }
        change?.Invoke(block);
        Seal(block);
        return Raw(block);
    }

    public TarBuilder File(string name, string content, char type = '0', string magic = PosixMagic) =>
        Header(name, type, content.Length, magic: magic).Body(content);

    public TarBuilder Body(string content) => Body(Encoding.UTF8.GetBytes(content));

    public TarBuilder Body(byte[] content) => Raw(content).Raw(new byte[(512 - content.Length % 512) % 512]);

    public TarBuilder Pax(char type, params (string Keyword, string Value)[] records) =>
        PaxRaw(type, string.Concat(records.Select(record => Record(record.Keyword, record.Value))));

    public TarBuilder PaxRaw(char type, string latin1)
    {
        byte[] body = Encoding.Latin1.GetBytes(latin1);
        return Header("PaxHeader", type, body.Length).Body(body);
    }

    public TarBuilder GnuLong(char type, string text) => Header("././@LongLink", type, text.Length + 1, magic: GnuMagic).Body(text + "\0");

    public TarBuilder Raw(byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public TarBuilder End() => Raw(new byte[1024]);

    public byte[] ToArray() => [.. _bytes];

    /// <summary>A record whose bytes are those of the text in Latin-1.</summary>
    public static string Record(string keyword, string value)
    {
        string content = $" {keyword}={value}\n";
        int length = content.Length;
        while (length != content.Length + Text(length).Length)
            length = content.Length + Text(length).Length;
        return Text(length) + content;
    }

    public static string Octal(long number, int digits) => Convert.ToString(number, 8).PadLeft(digits, '0');

    public static void Put(byte[] block, int offset, string latin1) => Encoding.Latin1.GetBytes(latin1).CopyTo(block, offset);

    /// <summary>Makes the checksum right.</summary>
    public static void Seal(Span<byte> block, bool signed = false)
    {
        block.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte b in block)
            sum += signed ? (sbyte)b : b;
        Encoding.ASCII.GetBytes(Octal(sum, 6) + "\0 ").CopyTo(block[148..]);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
