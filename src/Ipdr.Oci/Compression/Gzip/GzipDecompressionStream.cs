using System.IO.Compression;
using Ipdr.Oci.Compression.Decoding;

namespace Ipdr.Oci.Compression.Gzip;

/// <summary>Reads gzip members (RFC 1952) with the platform's inflater, and makes up for what <see cref="GZipStream"/> lets pass.</summary>
/// <remarks>
/// GZipStream checks CRC and length of every member and reads concatenated ones, but ends without a word where its input ends and
/// ignores what follows the last member. How it asks for input tells both apart. It asks only when it has given out all it can, so when
/// the real input is used up it is handed one more byte, which begins no member:
/// <list type="bullet">
/// <item>at a boundary between members it sees that this is no member and ends, without asking again: the input was complete;</item>
/// <item>anywhere else it takes the byte for part of a header, body or trailer, and then throws, gives out bytes or asks again:
/// the input was truncated. A byte that happens to complete a trailer makes it ask again as well;</item>
/// <item>if it ends before it was handed that byte, the rest of the input is no member: trailing data.</item>
/// </list>
/// </remarks>
internal sealed class GzipDecompressionStream : DecompressionStream
{
    private const int BufferSize = 128 << 10;

    private readonly GzipFeed _feed;
    private readonly GZipStream _gzip;

    public GzipDecompressionStream(Stream source, DecompressionOptions options)
        : base(CompressionFormat.Gzip, new CompressedInput(source, BufferSize, options.LeaveOpen), options)
    {
        _feed = new GzipFeed(Input);
        _gzip = new GZipStream(_feed, CompressionMode.Decompress, leaveOpen: true);
    }

    private protected override int Decode(Span<byte> buffer, out bool trailing)
    {
        int read;
        try
        {
            read = _gzip.Read(buffer);
        }
        catch (InvalidDataException e) when (!_feed.SourceFailed)
        {
            throw Refusal(e);
        }
        trailing = Judge(read);
        return read;
    }

    private protected override async ValueTask<(int Read, bool Trailing)> DecodeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int read;
        try
        {
            read = await _gzip.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException e) when (!_feed.SourceFailed)
        {
            throw Refusal(e);
        }
        return (read, Judge(read));
    }

    private protected override void DisposeDecoder() => _gzip.Dispose();

    // Whether data follows the last member, once the inflater has ended.
    private bool Judge(int read)
    {
        if (_feed.IsProbed && (read > 0 || _feed.IsAskedAfterProbe))
            throw CompressionFormatException.Truncated(Format, Input.BytesRead);
        return read == 0 && !_feed.IsProbed;
    }

    private CompressionFormatException Refusal(InvalidDataException cause) => _feed.IsProbed
        ? CompressionFormatException.Truncated(Format, Input.BytesRead)
        : CompressionFormatException.Malformed(Format, Input.Position, "the gzip data is malformed, or a checksum or length in it does not hold", cause);
}
