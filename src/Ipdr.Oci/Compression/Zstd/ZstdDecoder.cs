using System.Buffers.Binary;
using Ipdr.Oci.Compression.Decoding;
using ZstdSharp.Unsafe;

namespace Ipdr.Oci.Compression.Zstd;

/// <summary>Reads Zstandard frames (RFC 8878) with ZstdSharp; skippable frames give nothing.</summary>
/// <remarks>By the library's lower face: its <c>Decompressor</c> runs over the ends of frames without telling.</remarks>
internal sealed unsafe class ZstdDecoder : StreamDecoder
{
    /// <summary>Largest window, as a power of two: zstd's own default for streams (ZSTD_WINDOWLOG_LIMIT_DEFAULT).</summary>
    public const int MaxWindowLog = 27;

    private const int MagicLength = 4;

    private ZSTD_DCtx_s* _context;
    private bool _inFrame;
    private bool _seenFrame;

    public ZstdDecoder()
        : base(CompressionFormat.Zstd)
    {
        _context = Methods.ZSTD_createDCtx();
        Methods.ZSTD_DCtx_setParameter(_context, ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
    }

    public override int MaxWanted => MagicLength;

    public override DecodeStep Decode(ReadOnlySpan<byte> input, bool isLast, Span<byte> output, out int consumed, out int written)
    {
        consumed = written = 0;
        if (!_inFrame && Begin(input, isLast) is var step and not DecodeStep.Progress)
            return step;
        bool frameEnded = Run(input, output, out consumed, out written);
        if (frameEnded)
            (_inFrame, Wanted) = (false, MagicLength);
        return frameEnded || consumed > 0 || written > 0 ? DecodeStep.Progress : DecodeStep.NeedsInput;
    }

    ~ZstdDecoder() => Dispose(false);

    protected override void Dispose(bool disposing)
    {
        if (_context is not null)
            Methods.ZSTD_freeDCtx(_context);
        _context = null;
        base.Dispose(disposing);
    }

    // What follows a frame is another one, the end, or no business of ours.
    private DecodeStep Begin(ReadOnlySpan<byte> input, bool isLast)
    {
        if (input.Length >= MagicLength && CompressionDetector.IsZstdMagic(BinaryPrimitives.ReadUInt32LittleEndian(input)))
        {
            (_inFrame, _seenFrame, Wanted) = (true, true, 1);
            return DecodeStep.Progress;
        }
        if (input.Length < MagicLength && (!isLast || MayBeginFrame(input)))
        {
            Wanted = MagicLength;
            return isLast && input.IsEmpty && _seenFrame ? DecodeStep.End : DecodeStep.NeedsInput;
        }
        return _seenFrame ? DecodeStep.End : throw Malformed(0, "the data does not begin with a zstd frame");
    }

    private static bool MayBeginFrame(ReadOnlySpan<byte> start) =>
        ((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]).StartsWith(start)
        || ((start[0] & 0xf0) == 0x50 && ((ReadOnlySpan<byte>)[0x2a, 0x4d, 0x18]).StartsWith(start[1..]));

    // True when a frame is complete, its checksum and content size (where it has them) verified, and all of it given out.
    private bool Run(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written)
    {
        fixed (byte* from = input, to = output)
        {
            ZSTD_inBuffer_s source = new() { src = from, size = (nuint)input.Length };
            ZSTD_outBuffer_s destination = new() { dst = to, size = (nuint)output.Length };
            nuint result = Methods.ZSTD_decompressStream(_context, &destination, &source);
            (consumed, written) = ((int)source.pos, (int)destination.pos);
            if (Methods.ZSTD_isError(result))
                throw Refusal(result, consumed);
            return result == 0;
        }
    }

    private CompressionFormatException Refusal(nuint result, int at) => Methods.ZSTD_getErrorCode(result) switch
    {
        ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge =>
            CompressionFormatException.PastLimit(Format, Origin + at, "the zstd frame asks for too large a window", 1 << MaxWindowLog),
        ZSTD_ErrorCode.ZSTD_error_dictionary_wrong =>
            CompressionFormatException.Unsupported(Format, Origin + at, "the zstd frame needs a dictionary, which it does not carry"),
        ZSTD_ErrorCode.ZSTD_error_checksum_wrong => Malformed(at, "the checksum of the zstd frame does not hold"),
        _ => Malformed(at, $"the zstd data is malformed: {Methods.ZSTD_getErrorName(result)}"),
    };
}
