using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ipdr.Interop.Tests.Engines;

/// <summary>The extended attributes of a tar's members, as one text.</summary>
/// <remarks>Read here since their values are any bytes, and sorted since in which order a file has them is a matter of chance.</remarks>
internal static class ExtendedAttributes
{
    private const int BlockLength = 512;
    private const int TypeOffset = 156;
    private const byte PaxHeader = (byte)'x';

    private static readonly Range Size = 124..135;

    /// <summary>A line for each member that has some: its number, and the hashes of name and value of each.</summary>
    public static string Of(ReadOnlySpan<byte> tar)
    {
        StringBuilder text = new();
        for (int at = 0, member = 0; at < tar.Length && tar[at] != 0;)
        {
            int size = Convert.ToInt32(Encoding.ASCII.GetString(tar.Slice(at, BlockLength)[Size]), 8);
            if (tar[at + TypeOffset] == PaxHeader)
                text.Append(CultureInfo.InvariantCulture, $"{member} {string.Join(' ', Records(tar.Slice(at + BlockLength, size)))}\n");
            else
                member++;
            at += BlockLength + (size + BlockLength - 1) / BlockLength * BlockLength;
        }
        return text.ToString();
    }

    // A record is its own length, a space, NAME=VALUE and a line feed (pax, "pax Extended Header").
    private static IEnumerable<string> Records(ReadOnlySpan<byte> header)
    {
        List<string> hashes = [];
        while (!header.IsEmpty)
        {
            int space = header.IndexOf((byte)' '), length = int.Parse(header[..space], CultureInfo.InvariantCulture);
            ReadOnlySpan<byte> record = header[(space + 1)..length];
            if (record.StartsWith("SCHILY.xattr."u8))
                hashes.Add(Convert.ToHexStringLower(SHA256.HashData(record)));
            header = header[length..];
        }
        return hashes.Order(StringComparer.Ordinal);
    }
}
