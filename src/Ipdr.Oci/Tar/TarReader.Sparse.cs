namespace Ipdr.Oci.Tar;

public sealed partial class TarReader
{
    private const string SparseMapPart = "the map of a sparse member";

    /// <summary>Old GNU form: four pieces in the header, then extension blocks of 21 before the body.</summary>
    private async ValueTask<TarEntry> OpenGnuSparseAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        SparseMap map = new();
        bool more = ReadGnuSparseHeader(entry, map, out long size);
        for (long mapBytes = TarBlock.Size; more; mapBytes += TarBlock.Size)
        {
            ThrowIfMapTooLarge(mapBytes);
            if (!await ReadBlockAsync(SparseMapPart, cancellationToken).ConfigureAwait(false))
                throw TarFaults.Truncated(SparseMapPart, _member, Position, TarBlock.Size, 0);
            AddSegments(map, TarFields.ExtensionMap.In(_block));
            more = TarFields.ExtensionIsExtended.In(_block)[0] != 0;
        }
        return OpenSparse(entry, map, size);
    }

    private bool ReadGnuSparseHeader(TarEntry entry, SparseMap map, out long size)
    {
        TarHeader header = new(_block, entry.HeaderOffset);
        if (!header.HasGnuMagic)
            throw TarFaults.Sparse("the member is stored sparse in a form other than GNU's", _member, entry.HeaderOffset);
        size = header.Number(TarFields.GnuRealSize);
        AddSegments(map, TarFields.GnuSparseMap.In(_block));
        return TarFields.GnuIsExtended.In(_block)[0] != 0;
    }

    private void AddSegments(SparseMap map, ReadOnlySpan<byte> pairs)
    {
        const int numberLength = 12;
        for (; !pairs.IsEmpty && pairs[0] != 0; pairs = pairs[(2 * numberLength)..])
        {
            if (!TarNumber.TryParseField(pairs[..numberLength], out long offset)
                || !TarNumber.TryParseField(pairs[numberLength..(2 * numberLength)], out long length)
                || !map.TryAdd(offset, length))
                throw MalformedMap();
        }
    }

    private async ValueTask<TarEntry> OpenPaxSparseAsync(TarEntry entry, PaxHeader pax, CancellationToken cancellationToken)
    {
        SparseMap map = new();
        string? major = pax.OwnText(PaxKeyword.SparseMajor), minor = pax.OwnText(PaxKeyword.SparseMinor);
        if ((major, minor) is ("1", "0"))
            await ReadMapFromBodyAsync(map, cancellationToken).ConfigureAwait(false);
        else if ((major, minor) is ("0", "0" or "1") or (null, null))
            ReadMapFromRecords(map, pax);
        else
            throw TarFaults.Sparse($"sparse format {TarText.Quote($"{major}.{minor}")} is not known", _member, entry.HeaderOffset);
        long size = pax.Number(PaxKeyword.SparseRealSize) ?? pax.Number(PaxKeyword.SparseSize) ?? throw MalformedMap();
        return OpenSparse(entry with { Name = pax.OwnText(PaxKeyword.SparseName) ?? entry.Name }, map, size);
    }

    /// <summary>Formats 0.0 (offset and length records in turn) and 0.1 (one record with all numbers).</summary>
    private void ReadMapFromRecords(SparseMap map, PaxHeader pax)
    {
        List<long> numbers = [.. pax.SparsePairs];
        if (pax.Effective.TryGetValue(PaxKeyword.SparseMap, out ReadOnlyMemory<byte> text))
        {
            numbers.Clear();
            foreach (Range part in text.Span.Split((byte)','))
                numbers.Add(TarNumber.TryParseDecimal(text.Span[part], out long number) ? number : throw MalformedMap());
        }
        if (numbers.Count % 2 != 0)
            throw MalformedMap();
        for (int i = 0; i < numbers.Count; i += 2)
        {
            if (!map.TryAdd(numbers[i], numbers[i + 1]))
                throw MalformedMap();
        }
    }

    /// <summary>Format 1.0: the body begins with the map, in whole blocks.</summary>
    private async ValueTask ReadMapFromBodyAsync(SparseMap map, CancellationToken cancellationToken)
    {
        SparseMapText text = new(map);
        for (long mapBytes = TarBlock.Size; !text.IsComplete; mapBytes += TarBlock.Size)
        {
            ThrowIfMapTooLarge(mapBytes);
            if (_storedLeft < TarBlock.Size)
                throw MalformedMap();
            for (int filled = 0; filled < TarBlock.Size;)
                filled += await ReadStoredAsync(_block.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            if (!text.TryFeed(_block))
                throw MalformedMap();
        }
    }

    private TarEntry OpenSparse(TarEntry entry, SparseMap map, long size)
    {
        if (size < 0 || !map.Fits(size, _storedLeft))
            throw MalformedMap();
        _member = entry.Name;
        _sparse = new SparseBody(map.Segments, size);
        _bodyLeft = size;
        return entry with { Size = size, IsSparse = true, BodyOffset = Position };
    }

    private void ThrowIfMapTooLarge(long mapBytes)
    {
        if (mapBytes > _options.MaxMetadataBytes)
            throw TarFaults.Limit(
                "a sparse map is too large", _member, Position, nameof(TarReaderOptions.MaxMetadataBytes), _options.MaxMetadataBytes);
    }

    private TarFormatException MalformedMap() => TarFaults.BadHeader("the map of a sparse member is malformed", _member, Position);
}
