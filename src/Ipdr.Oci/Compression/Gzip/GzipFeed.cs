using Ipdr.Oci.Compression.Decoding;

namespace Ipdr.Oci.Compression.Gzip;

/// <summary>What the inflater reads from: the input, then the one byte that shows whether the input was complete.</summary>
internal sealed class GzipFeed(CompressedInput input) : Stream
{
    // Anything but 0x1f, the first byte of a member.
    private const byte Probe = 0;
    private const byte MemberId1 = 0x1f;

    /// <summary>Whether the input is used up and the probe was handed out.</summary>
    public bool IsProbed { get; private set; }

    /// <summary>Whether the inflater asked for more after the probe.</summary>
    public bool IsAskedAfterProbe { get; private set; }

    /// <summary>Whether the last exception came from the source and not from the inflater.</summary>
    public bool SourceFailed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (IsShort)
        {
            SourceFailed = true;
            input.Fill(2);
            SourceFailed = false;
        }
        return Hand(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (IsShort)
        {
            SourceFailed = true;
            await input.FillAsync(2, cancellationToken).ConfigureAwait(false);
            SourceFailed = false;
        }
        return Hand(buffer.Span);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private bool IsShort => input.Available.Length < 2 && !input.SourceEnded;

    private int Hand(Span<byte> buffer)
    {
        ReadOnlySpan<byte> available = input.Available;
        if (available.IsEmpty)
            return HandProbe(buffer);
        int count = Math.Min(available.Length, buffer.Length);
        // Behind a member GZipStream looks for 1f 8b, but is content with 1f where a read ends: garbage that begins with 1f would be
        // one thing or the other depending on how the source cuts its reads. So the two bytes stay together.
        if (count > 1 && available[count - 1] == MemberId1 && (count < available.Length || !input.SourceEnded))
            count--;
        available[..count].CopyTo(buffer);
        input.Advance(count);
        return count;
    }

    private int HandProbe(Span<byte> buffer)
    {
        IsAskedAfterProbe = IsProbed;
        if (IsProbed)
            return 0;
        IsProbed = true;
        buffer[0] = Probe;
        return 1;
    }
}
