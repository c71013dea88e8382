using System.Buffers;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Car;

/// <summary>A CAR on the disk as a source of blocks, in any order. Safe for several threads.</summary>
/// <remarks>
/// Opening it goes through the heads of all sections once, and remembers where each block is; an index inside the CAR is not believed.
/// Blocks are not checked here but by whoever reads them (<see cref="DagReader"/>).
/// </remarks>
public sealed class CarFile : IBlockSource, IDisposable
{
    /// <summary>Bytes read at once while looking for sections: several small blocks, or not too much of a large one.</summary>
    private const int WindowSize = 16 << 10;

    private readonly SafeFileHandle _handle;
    private readonly CarLimits _limits;
    private readonly BlockIndex _index = new();

    private CarFile(SafeFileHandle handle, CarLimits limits)
    {
        _handle = handle;
        _limits = limits;
    }

    /// <summary>What the CAR says of itself.</summary>
    public CarHeader Header { get; private set; } = new(CarVersion.V1, []);

    /// <summary>Sections that it has; a block that is there twice counts twice.</summary>
    public int BlockCount => _index.Count;

    /// <summary>Opens a CAR. The caller disposes of it.</summary>
    /// <exception cref="CarFormatException">It is no CAR, or a section is malformed or cut off.</exception>
    /// <exception cref="IpdrException">It cannot be opened.</exception>
    public static async Task<CarFile> OpenAsync(string path, CarLimits? limits = null, CancellationToken cancellationToken = default)
    {
        CarFile car = new(OpenHandle(path), limits ?? new CarLimits());
        try
        {
            await car.ScanAsync(cancellationToken).ConfigureAwait(false);
            return car;
        }
        catch
        {
            car.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
    {
        using BlockBuffer head = new(CarSection.MaxHeadLength);
        foreach (long offset in _index.Find(cid))
        {
            int count = await ReadAsync(head.Memory, offset, cancellationToken).ConfigureAwait(false);
            CarSection section = CarSection.Read(head.Memory.Span[..count], offset, _limits);
            if (section.Cid.Hash != cid.Hash)
                continue;
            BlockBuffer block = new(section.DataLength);
            if (await ReadAsync(block.Memory, offset + section.HeadLength, cancellationToken).ConfigureAwait(false) == block.Memory.Length)
                return block;
            block.Dispose();
            throw CarFaults.Truncated("a section", offset, section.Length, count);
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static SafeFileHandle OpenHandle(string path)
    {
        try
        {
            SafeFileHandle handle = File.OpenHandle(path, options: FileOptions.Asynchronous);
            _ = RandomAccess.GetLength(handle);
            return handle;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message.TrimEnd('.'), path, "Check that it is a file that may be read."), e);
        }
    }

    private async Task ScanAsync(CancellationToken cancellationToken)
    {
        using BlockBuffer window = new(WindowSize);
        long end = RandomAccess.GetLength(_handle);
        (long position, Header) = await ReadHeaderAsync(0, cancellationToken).ConfigureAwait(false);
        if (Header.Version == CarVersion.V2)
        {
            CarV2Header outer = CarV2Header.Read((await ReadExactlyAsync(position, CarV2Header.Length, cancellationToken).ConfigureAwait(false)).Span);
            if (outer.DataEnd > end)
                throw CarFaults.Truncated("its payload", outer.DataOffset, outer.DataSize, end - outer.DataOffset);
            (position, CarHeader inner) = await ReadHeaderAsync(outer.DataOffset, cancellationToken).ConfigureAwait(false);
            if (inner.Version != CarVersion.V1)
                throw CarFaults.Bad("the CAR inside a CAR of version 2 is not of version 1", outer.DataOffset);
            Header = inner with { Version = CarVersion.V2 };
            end = outer.DataEnd;
        }
        long windowStart = position, windowEnd = position;
        while (position < end)
        {
            if (position + CarSection.MaxHeadLength > windowEnd && windowEnd < end)
            {
                int count = await ReadAsync(window.Memory[..(int)Math.Min(WindowSize, end - position)], position, cancellationToken).ConfigureAwait(false);
                (windowStart, windowEnd) = (position, position + count);
            }
            int available = (int)Math.Min(CarSection.MaxHeadLength, windowEnd - position);
            CarSection section = CarSection.Read(window.Memory.Span.Slice((int)(position - windowStart), available), position, _limits);
            if (section.Length > end - position)
                throw CarFaults.Truncated("a section", position, section.Length, end - position);
            if (_index.Count == _limits.MaxBlocks)
                throw CarFaults.Limit("the CAR has too many blocks", position, nameof(CarLimits.MaxBlocks), _limits.MaxBlocks, "more");
            _index.Add(section.Cid, position);
            position += section.Length;
            if (position >= windowEnd)
                windowEnd = position;
        }
        _index.Sort();
    }

    private async Task<(long End, CarHeader Header)> ReadHeaderAsync(long offset, CancellationToken cancellationToken)
    {
        byte[] start = new byte[UnsignedVarint.MaxLength];
        int count = await ReadAsync(start, offset, cancellationToken).ConfigureAwait(false);
        (int length, int lengthLength) = CarFrame.ReadHeaderLength(start.AsSpan(0, count), offset, _limits);
        ReadOnlyMemory<byte> map = await ReadExactlyAsync(offset + lengthLength, length, cancellationToken).ConfigureAwait(false);
        return (offset + lengthLength + length, CarHeaderCodec.Decode(map.Span, offset));
    }

    private async Task<ReadOnlyMemory<byte>> ReadExactlyAsync(long offset, int length, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[length];
        int count = await ReadAsync(bytes, offset, cancellationToken).ConfigureAwait(false);
        return count == length ? bytes : throw CarFaults.Truncated("the header", offset, length, count);
    }

    // As much as there is room for, or less at the end of the file.
    private async ValueTask<int> ReadAsync(Memory<byte> destination, long offset, CancellationToken cancellationToken)
    {
        int count = 0;
        for (int read; count < destination.Length; count += read)
        {
            read = await RandomAccess.ReadAsync(_handle, destination[count..], offset + count, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                break;
        }
        return count;
    }
}
