using Ipdr.Oci.Compression.Decoding;

namespace Ipdr.Oci.Compression.Bzip2;

/// <summary>bzip2: any number of concatenated streams, every block and stream checked against its CRC.</summary>
internal sealed class Bzip2Decoder() : StreamDecoder(CompressionFormat.Bzip2)
{
    private const ulong BlockMagic = 0x314159265359;
    private const ulong EndMagic = 0x177245385090;
    private const int HeaderLength = 4;
    private const int BlockUnit = 100_000;

    // 900,000 symbols of at most 20 bits, 18,002 selectors, six tables: a block never needs more than this at once.
    private const int MaxBlockBytes = 3 << 20;

    private Bzip2Block? _block;
    private int _bitOffset;
    private bool _inStream;
    private bool _inBlock;
    private int _streams;
    private uint _crc;

    public override int MaxWanted => MaxBlockBytes;

    public override DecodeStep Decode(ReadOnlySpan<byte> input, bool isLast, Span<byte> output, out int consumed, out int written)
    {
        (consumed, written) = (0, 0);
        if (_inBlock)
        {
            written = _block!.Give(output);
            if (written > 0)
                return DecodeStep.Progress;
            EndBlock();
        }
        Wanted = MaxBlockBytes;
        if (input.Length < MaxBlockBytes && !isLast)
            return DecodeStep.NeedsInput;
        if (!_inStream)
            return BeginStream(input, out consumed);
        Bzip2BitReader bits = new(input, _bitOffset, Origin);
        ReadSection(ref bits);
        consumed = bits.BytesUsed;
        _bitOffset = bits.BitOffset;
        return DecodeStep.Progress;
    }

    private DecodeStep BeginStream(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        if (input is not [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', ..])
        {
            if (_streams == 0)
                throw input.Length < HeaderLength ? CompressionFormatException.Truncated(Format, Origin + input.Length) : Malformed(0, "the data is not bzip2");
            return DecodeStep.End;
        }
        int capacity = (input[3] - '0') * BlockUnit;
        _block = new Bzip2Block(capacity);
        (_inStream, _bitOffset, _crc, consumed) = (true, 0, 0, HeaderLength);
        return DecodeStep.Progress;
    }

    private void ReadSection(ref Bzip2BitReader bits)
    {
        ulong magic = bits.ReadUInt48();
        if (magic == BlockMagic)
        {
            if (_block!.Read(ref bits) is { } fault)
                throw Malformed(bits.BytesUsed, fault);
            _inBlock = true;
        }
        else if (magic == EndMagic)
        {
            uint stated = bits.ReadUInt32();
            if (stated != _crc)
                throw Mismatch(bits.BytesUsed, "the checksum of the stream does not hold", stated, _crc);
            bits.Align();
            _inStream = false;
            _streams++;
        }
        else
        {
            throw Malformed(bits.BytesUsed, "neither a block nor the end of the stream is here");
        }
    }

    private void EndBlock()
    {
        _inBlock = false;
        if (_block!.StatedCrc != _block.ActualCrc)
            throw Mismatch(0, "the checksum of a block does not hold", _block.StatedCrc, _block.ActualCrc);
        _crc = Bzip2Crc.Combine(_crc, _block.StatedCrc);
    }
}
