using System.Buffers;

namespace Ipdr.Oci.Compression.Decoding;

/// <summary>A window on a compressed source: filled from the front of the source, used up by a decoder.</summary>
/// <remarks>Owns a pooled buffer until disposed of, and the source unless it is left open.</remarks>
internal sealed class CompressedInput : IDisposable
{
    private readonly Stream _source;
    private readonly bool _leaveOpen;
    private byte[] _buffer;
    private int _start;
    private int _end;

    public CompressedInput(Stream source, int capacity, bool leaveOpen)
    {
        _source = source;
        _leaveOpen = leaveOpen;
        _buffer = ArrayPool<byte>.Shared.Rent(capacity);
    }

    /// <summary>Bytes that the decoder used up.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes that the source gave.</summary>
    public long BytesRead => Position + (_end - _start);

    /// <summary>Whether the source said that it has no more.</summary>
    public bool SourceEnded { get; private set; }

    /// <summary>What was read and not yet used.</summary>
    public ReadOnlySpan<byte> Available => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Uses up <paramref name="count"/> of the available bytes.</summary>
    public void Advance(int count)
    {
        _start += count;
        Position += count;
    }

    /// <summary>Uses up everything that is available; false when the source has ended too.</summary>
    public bool DropAvailable()
    {
        Advance(_end - _start);
        return !SourceEnded;
    }

    /// <summary>Reads until <paramref name="wanted"/> bytes are available, at most the capacity, or the source ends.</summary>
    public void Fill(int wanted)
    {
        MakeRoom(wanted);
        while (IsShortOf(wanted))
            Took(_source.Read(_buffer.AsSpan(_end)));
    }

    /// <inheritdoc cref="Fill"/>
    public async ValueTask FillAsync(int wanted, CancellationToken cancellationToken)
    {
        MakeRoom(wanted);
        while (IsShortOf(wanted))
            Took(await _source.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false));
    }

    public ValueTask DisposeSourceAsync() => _leaveOpen ? default : _source.DisposeAsync();

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        if (!_leaveOpen)
            _source.Dispose();
    }

    private bool IsShortOf(int wanted) => !SourceEnded && _end - _start < wanted;

    private void MakeRoom(int wanted)
    {
        if (_start == _end)
            _start = _end = 0;
        if (_buffer.Length - _start >= wanted)
            return;
        Available.CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
    }

    private void Took(int count)
    {
        _end += count;
        SourceEnded = count == 0;
    }
}
