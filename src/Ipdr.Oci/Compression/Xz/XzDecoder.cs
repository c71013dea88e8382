using System.Buffers.Binary;
using System.IO.Hashing;
using Ipdr.Oci.Compression.Decoding;

namespace Ipdr.Oci.Compression.Xz;

/// <summary>xz: any number of streams and their padding; headers, blocks, index and footer all checked (.xz format 1.2.0).</summary>
internal sealed class XzDecoder() : StreamDecoder(CompressionFormat.Xz)
{
    private const int StreamHeaderLength = 12;
    private const int CrcLength = 4;
    private const long Lzma2Filter = 0x21;

    private Step _step = Step.StreamHeader;
    private int _streams;
    private ushort _flags;
    private XzCheck _checkKind;
    private XzBlockCheck? _check;
    private Lzma2Decoder? _lzma2;
    private int _headerLength;
    private long _compressed;
    private long _plain;
    private (long? Compressed, long? Plain) _stated;
    private XxHash128 _blocks = new();
    private XxHash128 _records = new();
    private long _blockCount;
    private long _recordsLeft;
    private long _indexLength;
    private Crc32 _indexCrc = new();

    private enum Step
    {
        StreamHeader,
        BlockOrIndex,
        Chunks,
        BlockEnd,
        IndexRecords,
        IndexEnd,
        Footer,
        Padding,
    }

    public override int MaxWanted => Lzma2Decoder.MaxChunkBytes;

    public override DecodeStep Decode(ReadOnlySpan<byte> input, bool isLast, Span<byte> output, out int consumed, out int written)
    {
        (consumed, written) = (0, 0);
        if (_step == Step.Chunks && Give(output, out written))
            return DecodeStep.Progress;
        int needed = Needed(input);
        if (input.Length < needed)
        {
            if (_step == Step.Padding && isLast && input.IsEmpty)
                return DecodeStep.End;
            Wanted = needed;
            return DecodeStep.NeedsInput;
        }
        if (_step == Step.Padding)
            return SkipPadding(input, out consumed);
        consumed = Take(input, needed);
        return DecodeStep.Progress;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _check?.Dispose();
        base.Dispose(disposing);
    }

    private bool Give(Span<byte> output, out int written)
    {
        ReadOnlySpan<byte> plain = _lzma2!.Give(output.Length);
        plain.CopyTo(output);
        _check!.Append(plain);
        written = plain.Length;
        _plain += written;
        return written > 0;
    }

    // Bytes of the piece that comes next, as far as the input tells.
    private int Needed(ReadOnlySpan<byte> input) => _step switch
    {
        Step.StreamHeader or Step.Footer => StreamHeaderLength,
        Step.BlockOrIndex => input.IsEmpty ? 1 : input[0] == 0 ? VarintEnd(input, 1) : (input[0] + 1) * 4,
        Step.Chunks => Lzma2Decoder.ChunkLength(input),
        Step.BlockEnd => PaddingAfter(_compressed) + XzBlockCheck.LengthOf(_checkKind),
        Step.IndexRecords => VarintEnd(input, VarintEnd(input, 0)),
        Step.IndexEnd => PaddingAfter(_indexLength) + CrcLength,
        _ => 4,
    };

    private int Take(ReadOnlySpan<byte> input, int length)
    {
        ReadOnlySpan<byte> piece = input[..length];
        switch (_step)
        {
            case Step.StreamHeader:
                ReadStreamHeader(piece);
                break;
            case Step.BlockOrIndex when piece[0] == 0:
                BeginIndex(piece);
                break;
            case Step.BlockOrIndex:
                ReadBlockHeader(piece);
                break;
            case Step.Chunks:
                ReadChunk(piece);
                break;
            case Step.BlockEnd:
                EndBlock(piece);
                break;
            case Step.IndexRecords:
                ReadRecord(piece);
                break;
            case Step.IndexEnd:
                EndIndex(piece);
                break;
            default:
                ReadFooter(piece);
                break;
        }
        return length;
    }

    private void ReadStreamHeader(ReadOnlySpan<byte> header)
    {
        Require(header[..6].SequenceEqual((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]), "the data is not xz");
        RequireCrc(header[6..8], header[8..], "the checksum of the stream header does not hold");
        _flags = BinaryPrimitives.ReadUInt16BigEndian(header[6..]);
        _checkKind = (XzCheck)_flags;
        if (!Enum.IsDefined(_checkKind))
            throw CompressionFormatException.Unsupported(Format, Origin, $"the integrity check {_flags} is not known");
        (_blockCount, _blocks, _records, _step) = (0, new XxHash128(), new XxHash128(), Step.BlockOrIndex);
    }

    private void ReadBlockHeader(ReadOnlySpan<byte> header)
    {
        RequireCrc(header[..^CrcLength], header[^CrcLength..], "the checksum of a block header does not hold");
        byte flags = header[1];
        ReadOnlySpan<byte> rest = header[2..^CrcLength];
        Require((flags & 0x3c) == 0, "a block header has flags that are not known");
        long? compressed = null, plain = null;
        if ((flags & 0x40) != 0)
            compressed = Varint(ref rest);
        if ((flags & 0x80) != 0)
            plain = Varint(ref rest);
        if ((flags & 3) != 0 || Varint(ref rest) != Lzma2Filter)
            throw CompressionFormatException.Unsupported(Format, Origin, "filters other than LZMA2 are not read");
        Require(Varint(ref rest) == 1 && !rest.IsEmpty && rest[0] <= 40 && !rest[1..].ContainsAnyExcept((byte)0), "a block header is malformed");
        _lzma2 = new Lzma2Decoder(DictionarySize(rest[0]));
        _check?.Dispose();
        _check = new XzBlockCheck(_checkKind);
        (_headerLength, _compressed, _plain, _stated, _step) = (header.Length, 0, 0, (compressed, plain), Step.Chunks);
    }

    private int DictionarySize(byte code)
    {
        long size = code == 40 ? uint.MaxValue : (2L | (code & 1u)) << ((code / 2) + 11);
        return size <= Lzma2Decoder.MaxDictionarySize
            ? (int)size
            : throw CompressionFormatException.PastLimit(Format, Origin, $"the dictionary of a block is {size} bytes", Lzma2Decoder.MaxDictionarySize);
    }

    private void ReadChunk(ReadOnlySpan<byte> chunk)
    {
        _compressed += chunk.Length;
        if (chunk[0] == 0)
            _step = Step.BlockEnd;
        else if (_lzma2!.Decode(chunk) is { } fault)
            throw Malformed(0, fault);
    }

    private void EndBlock(ReadOnlySpan<byte> end)
    {
        int padding = PaddingAfter(_compressed);
        Require(!end[..padding].ContainsAnyExcept((byte)0), "the padding of a block is not zero");
        Require(_check!.Holds(end[padding..]), "the checksum of a block does not hold");
        Require((_stated.Compressed ?? _compressed) == _compressed && (_stated.Plain ?? _plain) == _plain, "a block does not have the size that its header states");
        AppendRecord(_blocks, _headerLength + _compressed + end.Length - padding, _plain);
        _blockCount++;
        _step = Step.BlockOrIndex;
    }

    private void BeginIndex(ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> rest = start[1..];
        Require((_recordsLeft = Varint(ref rest)) == _blockCount, "the index lists another number of blocks than there are");
        _indexCrc = new Crc32();
        _indexCrc.Append(start);
        _indexLength = start.Length;
        _step = _recordsLeft > 0 ? Step.IndexRecords : Step.IndexEnd;
    }

    private void ReadRecord(ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> rest = record;
        AppendRecord(_records, Varint(ref rest), Varint(ref rest));
        _indexCrc.Append(record);
        _indexLength += record.Length;
        if (--_recordsLeft == 0)
            _step = Step.IndexEnd;
    }

    private void EndIndex(ReadOnlySpan<byte> end)
    {
        int padding = PaddingAfter(_indexLength);
        _indexCrc.Append(end[..padding]);
        _indexLength += end.Length;
        Require(!end[..padding].ContainsAnyExcept((byte)0), "the padding of the index is not zero");
        Require(_indexCrc.GetCurrentHashAsUInt32() == BinaryPrimitives.ReadUInt32LittleEndian(end[padding..]), "the checksum of the index does not hold");
        Require(_records.GetCurrentHashAsUInt128() == _blocks.GetCurrentHashAsUInt128(), "the index does not list the blocks that there are");
        _step = Step.Footer;
    }

    private void ReadFooter(ReadOnlySpan<byte> footer)
    {
        RequireCrc(footer[4..10], footer[..4], "the checksum of the stream footer does not hold");
        Require((BinaryPrimitives.ReadUInt32LittleEndian(footer[4..]) + 1L) * 4 == _indexLength, "the footer states another size of the index");
        Require(BinaryPrimitives.ReadUInt16BigEndian(footer[8..]) == _flags && footer[10..].SequenceEqual("YZ"u8), "the footer does not fit the header");
        _streams++;
        _step = Step.Padding;
    }

    // Between streams stand groups of four zeros; anything else than another stream is no part of the data.
    private DecodeStep SkipPadding(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        if (!input[..4].ContainsAnyExcept((byte)0))
            consumed = 4;
        else if (input[..4].SequenceEqual((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X']))
            _step = Step.StreamHeader;
        else
            return DecodeStep.End;
        return DecodeStep.Progress;
    }

    private static void AppendRecord(XxHash128 hash, long unpadded, long plain)
    {
        Span<byte> record = stackalloc byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(record, unpadded);
        BinaryPrimitives.WriteInt64LittleEndian(record[sizeof(long)..], plain);
        hash.Append(record);
    }

    private long Varint(ref ReadOnlySpan<byte> input) => XzVarint.TryRead(ref input, out long value) ? value : throw Malformed(0, "a number is malformed");

    // Where the number that begins at an offset ends; more than there is, when that cannot be told.
    private static int VarintEnd(ReadOnlySpan<byte> input, int from)
    {
        int at = from;
        while (at < input.Length && input[at] >= 0x80 && at - from < XzVarint.MaxLength)
            at++;
        return at + 1;
    }

    private static int PaddingAfter(long length) => (int)(-length & 3);

    private void RequireCrc(ReadOnlySpan<byte> content, ReadOnlySpan<byte> stated, string what)
    {
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(stated), actual = Crc32.HashToUInt32(content);
        if (expected != actual)
            throw Mismatch(0, what, expected, actual);
    }

    private void Require(bool holds, string what)
    {
        if (!holds)
            throw Malformed(0, what);
    }
}
