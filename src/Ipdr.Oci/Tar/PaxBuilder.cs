using System.Buffers;
using System.Text;

namespace Ipdr.Oci.Tar;

/// <summary>Composes the pax header of a member: what its ustar header cannot say, in the order of the keywords.</summary>
internal sealed class PaxBuilder
{
    private const string Binary = "BINARY";

    private readonly SortedDictionary<string, ReadOnlyMemory<byte>> _records = new(StringComparer.Ordinal);
    private bool _isBinary;

    private PaxBuilder()
    {
    }

    /// <summary>The records; empty if the ustar header says everything.</summary>
    /// <exception cref="ArgumentException">A keyword or value of the member cannot be written.</exception>
    public static ReadOnlyMemory<byte> Build(TarEntry entry, long size)
    {
        PaxBuilder builder = new();
        builder.AddOthers(entry.PaxRecords);
        builder.AddText(PaxKeyword.Path, entry.Name, TarHeaderBlock.FitsName(entry.Name));
        builder.AddText(PaxKeyword.LinkPath, entry.LinkName, TarHeaderBlock.Fits(TarFields.LinkName, entry.LinkName));
        builder.AddText(PaxKeyword.UserName, entry.UserName, TarHeaderBlock.Fits(TarFields.UserName, entry.UserName));
        builder.AddText(PaxKeyword.GroupName, entry.GroupName, TarHeaderBlock.Fits(TarFields.GroupName, entry.GroupName));
        builder.AddNumber(PaxKeyword.Uid, entry.Uid, TarFields.Uid);
        builder.AddNumber(PaxKeyword.Gid, entry.Gid, TarFields.Gid);
        builder.AddNumber(PaxKeyword.Size, size, TarFields.Size);
        TarTime time = entry.ModificationTime;
        bool fits = time.Nanoseconds == 0 && TarHeaderBlock.Fits(TarFields.ModificationTime, time.Seconds);
        builder.AddText(PaxKeyword.ModificationTime, time.ToString(), fits);
        // System.Formats.Tar forgets the prefix of a member that has a pax header.
        if (builder._records.Count > 0 && !builder._records.ContainsKey(PaxKeyword.Path))
            builder.AddText(PaxKeyword.Path, entry.Name, TarHeaderBlock.Fits(TarFields.Name, entry.Name));
        return builder.Print();
    }

    private static bool IsDerived(string keyword) =>
        keyword is PaxKeyword.Path or PaxKeyword.LinkPath or PaxKeyword.UserName or PaxKeyword.GroupName
            or PaxKeyword.Uid or PaxKeyword.Gid or PaxKeyword.Size or PaxKeyword.ModificationTime or PaxKeyword.Charset
        || keyword.StartsWith(PaxKeyword.SparsePrefix, StringComparison.Ordinal);

    private void AddOthers(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> records)
    {
        foreach ((string keyword, ReadOnlyMemory<byte> value) in records)
        {
            if (IsDerived(keyword))
                continue;
            if (keyword.Length == 0 || keyword.AsSpan().ContainsAny('=', '\0') || value.IsEmpty)
                throw new ArgumentException($"the keyword or value of pax record {TarText.Quote(keyword)} is empty or malformed", nameof(records));
            _records.Add(keyword, value);
        }
    }

    private void AddText(string keyword, string text, bool fits)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"the {keyword} {TarText.Quote(text)} contains a NUL", nameof(text));
        if (fits)
            return;
        byte[] bytes = TarText.Encode(text);
        _isBinary |= !System.Text.Unicode.Utf8.IsValid(bytes);
        _records.Add(keyword, bytes);
    }

    private void AddNumber(string keyword, long number, TarField field)
    {
        if (!TarHeaderBlock.Fits(field, number))
            _records.Add(keyword, Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private ReadOnlyMemory<byte> Print()
    {
        ArrayBufferWriter<byte> output = new();
        // It speaks about the records after it.
        if (_isBinary)
            Print(output, PaxKeyword.Charset, Encoding.ASCII.GetBytes(Binary));
        foreach ((string keyword, ReadOnlyMemory<byte> value) in _records)
            Print(output, keyword, value.Span);
        return output.WrittenMemory;
    }

    private static void Print(ArrayBufferWriter<byte> output, string keyword, ReadOnlySpan<byte> value)
    {
        byte[] name = TarText.Encode(keyword);
        output.Write(Encoding.ASCII.GetBytes(PaxRecord.LengthText(name.Length, value.Length)));
        output.Write(name);
        output.Write("="u8);
        output.Write(value);
        output.Write("\n"u8);
    }
}
