namespace Ipdr.Oci.Tar;

/// <summary>The records of one pax header, with those of the global ones before it.</summary>
/// <remarks>Records are <c>length keyword=value\n</c>; the length counts itself (POSIX pax, "pax Extended Header").</remarks>
internal sealed class PaxHeader
{
    private readonly long _offset;
    private Dictionary<string, ReadOnlyMemory<byte>> _own = [];
    private List<long>? _sparsePairs;

    private PaxHeader(long offset) => _offset = offset;

    /// <summary>The records in force: local over global, without the deleted ones.</summary>
    public Dictionary<string, ReadOnlyMemory<byte>> Effective { get; private set; } = [];

    /// <summary>Whether this header, not a global one, describes a sparse file.</summary>
    public bool IsSparse { get; private set; }

    /// <summary>Offsets and lengths in turn, as sparse format 0.0 repeats its keywords.</summary>
    public IReadOnlyList<long> SparsePairs => _sparsePairs ?? [];

    /// <summary>Reads the body of a pax header, which must not change afterwards: the values are slices of it.</summary>
    /// <param name="body">The body.</param>
    /// <param name="offset">Where the body begins in the archive.</param>
    /// <param name="maxRecords">Most records accepted.</param>
    /// <exception cref="TarFormatException">A record is malformed, or there are too many.</exception>
    public static PaxHeader Parse(ReadOnlyMemory<byte> body, long offset, int maxRecords)
    {
        PaxHeader header = new(offset);
        int records = 0;
        for (ReadOnlyMemory<byte> rest = body; !rest.IsEmpty;)
        {
            long place = offset + body.Length - rest.Length;
            if (++records > maxRecords)
                throw TarFaults.Limit("too many pax records", null, place, nameof(TarReaderOptions.MaxPaxRecords), maxRecords);
            string keyword = PaxRecord.Read(ref rest, place, out ReadOnlyMemory<byte> value);
            header.Add(keyword, value, place);
        }
        return header.Over(null);
    }

    /// <summary>The same header, its records now in force over those of <paramref name="outer"/>. An empty value deletes.</summary>
    public PaxHeader Over(PaxHeader? outer)
    {
        Effective = Merge(outer);
        return this;
    }

    /// <summary>The same header as the global one from now on, over the one before it, with bytes of its own.</summary>
    /// <exception cref="TarFormatException">There are too many global records, or they are too large together.</exception>
    public PaxHeader AsGlobal(PaxHeader? outer, TarReaderOptions options)
    {
        // A slice would keep the whole header alive for as long as its one record is in force.
        _own = _own.ToDictionary(record => record.Key, record => (ReadOnlyMemory<byte>)record.Value.ToArray());
        Over(outer);
        _own = Effective;
        if (Effective.Count > options.MaxPaxRecords)
            throw TarFaults.Limit(
                "too many global pax records", null, _offset,
                nameof(TarReaderOptions.MaxPaxRecords), options.MaxPaxRecords, Effective.Count);
        long bytes = Effective.Sum(record => (long)record.Key.Length + record.Value.Length);
        if (bytes > options.MaxMetadataBytes)
            throw TarFaults.Limit(
                "too large global pax records", null, _offset,
                nameof(TarReaderOptions.MaxMetadataBytes), options.MaxMetadataBytes, bytes);
        return this;
    }

    /// <summary>A name that this header itself has, not a global one.</summary>
    public string? OwnText(string keyword) =>
        _own.TryGetValue(keyword, out ReadOnlyMemory<byte> value) && !value.IsEmpty ? TarText.Decode(value.Span) : null;

    public string? Text(string keyword) =>
        Effective.TryGetValue(keyword, out ReadOnlyMemory<byte> value) ? TarText.Decode(value.Span) : null;

    /// <exception cref="TarFormatException">The value is no decimal number.</exception>
    public long? Number(string keyword)
    {
        if (!Effective.TryGetValue(keyword, out ReadOnlyMemory<byte> value))
            return null;
        bool maybeNegative = keyword is PaxKeyword.Uid or PaxKeyword.Gid;
        return (maybeNegative ? TarNumber.TryParseSignedDecimal(value.Span, out long number) : TarNumber.TryParseDecimal(value.Span, out number))
            ? number
            : throw Malformed(keyword);
    }

    /// <exception cref="TarFormatException">The value is no decimal fraction.</exception>
    public TarTime? Time(string keyword)
    {
        if (!Effective.TryGetValue(keyword, out ReadOnlyMemory<byte> value))
            return null;
        return TarTime.TryParse(value.Span, out TarTime time) ? time : throw Malformed(keyword);
    }

    private TarFormatException Malformed(string keyword) =>
        TarFaults.BadHeader($"the value of pax record {TarText.Quote(keyword)} is malformed", null, _offset);

    private void Add(string keyword, ReadOnlyMemory<byte> value, long place)
    {
        if (PaxKeyword.IsName(keyword) && value.Span.Contains((byte)0))
            throw TarFaults.BadHeader($"the value of pax record {TarText.Quote(keyword)} contains a NUL", null, place);
        _own[keyword] = value;
        if (!keyword.StartsWith(PaxKeyword.SparsePrefix, StringComparison.Ordinal))
            return;
        IsSparse = true;
        if (keyword is PaxKeyword.SparseOffset or PaxKeyword.SparseLength)
            AddSparsePair(keyword == PaxKeyword.SparseOffset, value.Span, place);
    }

    private void AddSparsePair(bool isOffset, ReadOnlySpan<byte> value, long place)
    {
        _sparsePairs ??= [];
        if (isOffset != (_sparsePairs.Count % 2 == 0) || !TarNumber.TryParseDecimal(value, out long number))
            throw TarFaults.BadHeader("the sparse map in the pax header is malformed", null, place);
        _sparsePairs.Add(number);
    }

    private Dictionary<string, ReadOnlyMemory<byte>> Merge(PaxHeader? outer)
    {
        Dictionary<string, ReadOnlyMemory<byte>> merged = outer is { Effective.Count: > 0 } ? new(outer.Effective) : [];
        if (merged.Count == 0 && !_own.Any(record => record.Value.IsEmpty))
            return _own;
        foreach ((string keyword, ReadOnlyMemory<byte> value) in _own)
        {
            if (value.IsEmpty)
                merged.Remove(keyword);
            else
                merged[keyword] = value;
        }
        return merged;
    }
}
