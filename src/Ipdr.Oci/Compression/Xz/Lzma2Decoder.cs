using System.Buffers.Binary;

namespace Ipdr.Oci.Compression.Xz;

/// <summary>LZMA2: a series of chunks, each LZMA or stored, that share one dictionary (.xz format, section 5.3.1).</summary>
internal sealed class Lzma2Decoder
{
    /// <summary>The largest dictionary that is accepted, in bytes: twice that of <c>xz -9</c>.</summary>
    public const int MaxDictionarySize = 128 << 20;

    /// <summary>The largest chunk with its header, in bytes.</summary>
    public const int MaxChunkBytes = LzmaHeaderLength + (1 << 16);

    private const int LzmaHeaderLength = 6;
    private const int StoredHeaderLength = 3;

    private readonly LzmaWindow _window;
    private readonly LzmaDecoder _lzma;
    private bool _hasDictionary;
    private bool _hasProperties;
    private bool _hasState;
    private long _position;

    public Lzma2Decoder(int dictionarySize)
    {
        _window = new LzmaWindow(dictionarySize);
        _lzma = new LzmaDecoder(_window);
    }

    public ReadOnlySpan<byte> Give(int most) => _window.Give(most);

    /// <summary>Bytes of the chunk that <paramref name="input"/> begins with, as far as they can be told; 1 for the end mark.</summary>
    public static int ChunkLength(ReadOnlySpan<byte> input) => input switch
    {
        [] => 1,
        [0, ..] => 1,
        [>= 0x80, ..] => input.Length < LzmaHeaderLength ? LzmaHeaderLength : (input[0] >= 0xc0 ? LzmaHeaderLength : LzmaHeaderLength - 1) + 1 + BinaryPrimitives.ReadUInt16BigEndian(input[3..]),
        _ => input.Length < StoredHeaderLength ? StoredHeaderLength : StoredHeaderLength + 1 + BinaryPrimitives.ReadUInt16BigEndian(input[1..]),
    };

    /// <summary>Decodes one whole chunk; null, or what is wrong with it. Everything before must have been given out.</summary>
    public string? Decode(ReadOnlySpan<byte> chunk) => chunk[0] >= 0x80 ? DecodeLzma(chunk) : DecodeStored(chunk);

    private string? DecodeStored(ReadOnlySpan<byte> chunk)
    {
        if (chunk[0] > 2)
            return "an LZMA2 chunk is of no known kind";
        if (chunk[0] == 1)
            ResetDictionary();
        if (!_hasDictionary)
            return "the first LZMA2 chunk does not reset the dictionary";
        ReadOnlySpan<byte> plain = chunk[StoredHeaderLength..];
        _window.Reserve(plain.Length);
        _window.Add(plain);
        _position += plain.Length;
        _lzma.SetPosition(_position);
        return null;
    }

    private string? DecodeLzma(ReadOnlySpan<byte> chunk)
    {
        int reset = (chunk[0] >> 5) & 3;
        int length = ((chunk[0] & 0x1f) << 16) + BinaryPrimitives.ReadUInt16BigEndian(chunk[1..]) + 1;
        if (reset == 3)
            ResetDictionary();
        if (!_hasDictionary)
            return "the first LZMA2 chunk does not reset the dictionary";
        if (reset >= 2)
        {
            if (!_lzma.TrySetProperties(chunk[5]))
                return "the LZMA properties are impossible";
            _hasProperties = true;
        }
        if (reset >= 1 && _hasProperties)
        {
            _lzma.ResetState();
            _hasState = true;
        }
        if (!_hasProperties || !_hasState)
            return "an LZMA chunk comes before the properties that it needs";
        ReadOnlySpan<byte> body = chunk[(reset >= 2 ? LzmaHeaderLength : LzmaHeaderLength - 1)..];
        if (body.Length < LzmaRangeDecoder.InitialLength || body[0] != 0)
            return "an LZMA chunk does not begin as one";
        _window.Reserve(length);
        _lzma.SetPosition(_position);
        if (!_lzma.Decode(body, length))
            return "an LZMA chunk is malformed";
        _position += length;
        return null;
    }

    // After a reset of the dictionary the next LZMA chunk must bring properties and state of its own.
    private void ResetDictionary()
    {
        _window.ResetDictionary();
        (_hasDictionary, _hasState, _position) = (true, false, 0);
    }
}
