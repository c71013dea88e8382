using System.Buffers;
using System.IO.Pipelines;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Car;

/// <summary>Reads a CAR of either version from front to back, from a file or a pipe, and checks each block. Not safe for several threads.</summary>
/// <remarks>
/// An index inside a CAR is passed over: whoever wrote it may lie. That a CAR ends between two sections does not mean that it is whole; only
/// following the links tells (<see cref="CarVerifier"/>). Memory is one block. The input stays the caller's to complete.
/// </remarks>
public sealed class CarReader : IDisposable
{
    /// <summary>Bytes that are asked for at once, when it is a stream that is read.</summary>
    private const int StreamBufferSize = 256 << 10;

    // Where blocks are read into memory of their own: enough for a head, and little of the block that then has to be copied.
    private const int HeadBufferSize = 16 << 10;

    private readonly PipeReader _input;
    private readonly Stream? _source;
    private readonly CarLimits _limits;
    private readonly BlockHashes _hashes = new();
    private long _end = long.MaxValue;
    private SequencePosition _given;
    private bool _isGiven;

    private CarReader(PipeReader input, Stream? source, CarLimits limits)
    {
        _input = input;
        _source = source;
        _limits = limits;
    }

    /// <summary>What the CAR says of itself.</summary>
    public CarHeader Header { get; private set; } = new(CarVersion.V1, []);

    /// <summary>The byte of the CAR up to which it has been read.</summary>
    public long Position { get; private set; }

    /// <summary>Reads the header.</summary>
    /// <param name="input">The CAR from its first byte on.</param>
    /// <param name="limits">What is too much; the defaults if null.</param>
    /// <param name="cancellationToken">Gives up the waiting.</param>
    /// <exception cref="CarFormatException">It is no CAR, or its header is cut off or malformed.</exception>
    public static async ValueTask<CarReader> OpenAsync(PipeReader input, CarLimits? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        CarReader reader = new(input, null, limits ?? new CarLimits());
        await reader.ReadHeadersAsync(cancellationToken).ConfigureAwait(false);
        return reader;
    }

    /// <summary>Reads the header of a stream whose blocks are then read by <see cref="ReadNextOwnedAsync"/> alone. The stream stays the caller's.</summary>
    /// <exception cref="CarFormatException">It is no CAR, or its header is cut off or malformed.</exception>
    internal static async ValueTask<CarReader> OpenAsync(Stream source, CarLimits limits, CancellationToken cancellationToken)
    {
        CarReader reader = new(PipeReader.Create(source, new StreamPipeReaderOptions(bufferSize: HeadBufferSize, leaveOpen: true)), source, limits);
        try
        {
            await reader.ReadHeadersAsync(cancellationToken).ConfigureAwait(false);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>A stream as input with a buffer that suits blocks. The stream stays the caller's.</summary>
    public static PipeReader CreateInput(Stream stream) => PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: StreamBufferSize, leaveOpen: true));

    /// <summary>The next block, checked; null at the end.</summary>
    /// <exception cref="CarFormatException">The next section is malformed or cut off, or its block has another hash than its name says.</exception>
    public async ValueTask<CarBlock?> ReadNextAsync(CancellationToken cancellationToken = default)
    {
        CarBlock? block = await ReadNextUnverifiedAsync(cancellationToken).ConfigureAwait(false);
        if (block is { } read)
            _hashes.Check(read);
        return block;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hashes.Dispose();
        if (_source is not null)
            _input.Complete();
    }

    /// <summary>The next block, checked, in memory of its own for the caller to dispose of; null at the end.</summary>
    /// <exception cref="CarFormatException">The next section is malformed or cut off, or its block has another hash than its name says.</exception>
    internal async ValueTask<(Cid Cid, IMemoryOwner<byte> Bytes)?> ReadNextOwnedAsync(CancellationToken cancellationToken)
    {
        if (await ReadHeadAsync(cancellationToken).ConfigureAwait(false) is not { } section)
            return null;
        BlockBuffer block = new(section.DataLength);
        try
        {
            await FillAsync(block.Memory, section, cancellationToken).ConfigureAwait(false);
            Position += section.Length;
            _hashes.Check(new CarBlock(section.Cid, section.Offset, new ReadOnlySequence<byte>(block.Memory)));
            return (section.Cid, block);
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }

    /// <summary>The next block, whose bytes may be anything; null at the end.</summary>
    /// <exception cref="CarFormatException">The next section is malformed or cut off.</exception>
    internal async ValueTask<CarBlock?> ReadNextUnverifiedAsync(CancellationToken cancellationToken)
    {
        if (_isGiven)
            _input.AdvanceTo(_given);
        _isGiven = false;
        if (await ReadHeadAsync(cancellationToken).ConfigureAwait(false) is not { } section)
            return null;
        ReadOnlySequence<byte> bytes = await PeekAsync((int)section.Length, cancellationToken).ConfigureAwait(false);
        if (bytes.Length < section.Length)
        {
            _input.AdvanceTo(bytes.Start);
            throw CarFaults.Truncated("a section", Position, section.Length, bytes.Length);
        }
        bytes = bytes.Slice(0, section.Length);
        _given = bytes.End;
        _isGiven = true;
        Position += section.Length;
        return new CarBlock(section.Cid, section.Offset, bytes.Slice(section.HeadLength));
    }

    // The head of the next section, of which nothing is taken out of the input yet; null at the end.
    private async ValueTask<CarSection?> ReadHeadAsync(CancellationToken cancellationToken)
    {
        if (Position == _end)
            return null;
        ReadOnlySequence<byte> start = await PeekAsync(CarSection.MaxHeadLength, cancellationToken).ConfigureAwait(false);
        if (start.IsEmpty)
        {
            _input.AdvanceTo(start.Start);
            return _end == long.MaxValue ? null : throw CarFaults.Truncated("its payload", Position, _end - Position, 0);
        }
        CarSection section = ReadSection(start);
        _input.AdvanceTo(start.Start);
        return section.Length <= _end - Position ? section : throw CarFaults.Bad("a section goes on after the payload's end", Position);
    }

    // What came with the head is copied; the rest comes straight from the source.
    private async ValueTask FillAsync(Memory<byte> block, CarSection section, CancellationToken cancellationToken)
    {
        ReadOnlySequence<byte> here = await PeekAsync(section.HeadLength, cancellationToken).ConfigureAwait(false);
        here = here.Slice(section.HeadLength, Math.Min(here.Length - section.HeadLength, block.Length));
        here.CopyTo(block.Span);
        int filled = (int)here.Length;
        _input.AdvanceTo(here.End);
        if (filled < block.Length)
            filled += await _source!.ReadAtLeastAsync(block[filled..], block.Length - filled, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (filled < block.Length)
            throw CarFaults.Truncated("a section", Position, section.Length, section.HeadLength + filled);
    }

    private async ValueTask ReadHeadersAsync(CancellationToken cancellationToken)
    {
        Header = await ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
        if (Header.Version == CarVersion.V1)
            return;
        CarV2Header outer = CarV2Header.Read(await ReadAsync(CarV2Header.Length, "the header", cancellationToken).ConfigureAwait(false));
        await SkipAsync(outer.DataOffset - Position, cancellationToken).ConfigureAwait(false);
        _end = outer.DataEnd;
        CarHeader inner = await ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
        Header = inner.Version == CarVersion.V1 ? inner with { Version = CarVersion.V2 } : throw CarFaults.Bad("the CAR inside a CAR of version 2 is not of version 1", outer.DataOffset);
    }

    private async ValueTask<CarHeader> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        long offset = Position;
        ReadOnlySequence<byte> start = await PeekAsync(UnsignedVarint.MaxLength, cancellationToken).ConfigureAwait(false);
        (int length, int lengthLength) = CarFrame.ReadHeaderLength(start, offset, _limits);
        _input.AdvanceTo(start.GetPosition(lengthLength));
        Position += lengthLength;
        return CarHeaderCodec.Decode(await ReadAsync(length, "the header", cancellationToken).ConfigureAwait(false), offset);
    }

    private async ValueTask<byte[]> ReadAsync(int count, string part, CancellationToken cancellationToken)
    {
        ReadOnlySequence<byte> bytes = await PeekAsync(count, cancellationToken).ConfigureAwait(false);
        if (bytes.Length < count)
        {
            _input.AdvanceTo(bytes.Start);
            throw CarFaults.Truncated(part, Position, count, bytes.Length);
        }
        byte[] read = bytes.Slice(0, count).ToArray();
        _input.AdvanceTo(bytes.GetPosition(count));
        Position += count;
        return read;
    }

    private async ValueTask SkipAsync(long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            ReadOnlySequence<byte> bytes = await PeekAsync(1, cancellationToken).ConfigureAwait(false);
            long skipped = Math.Min(count, bytes.Length);
            _input.AdvanceTo(bytes.GetPosition(skipped));
            if (skipped == 0)
                throw CarFaults.Truncated("the space before the payload", Position, count, 0);
            Position += skipped;
            count -= skipped;
        }
    }

    private CarSection ReadSection(ReadOnlySequence<byte> start)
    {
        Span<byte> head = stackalloc byte[CarSection.MaxHeadLength];
        int length = (int)Math.Min(start.Length, head.Length);
        start.Slice(0, length).CopyTo(head);
        return CarSection.Read(head[..length], Position, _limits);
    }

    // At least so many bytes, or all that are left, up to the payload's end. The caller advances.
    private async ValueTask<ReadOnlySequence<byte>> PeekAsync(int count, CancellationToken cancellationToken)
    {
        ReadResult read = await _input.ReadAtLeastAsync((int)Math.Min(count, _end - Position), cancellationToken).ConfigureAwait(false);
        return read.Buffer.Length > _end - Position ? read.Buffer.Slice(0, _end - Position) : read.Buffer;
    }
}
