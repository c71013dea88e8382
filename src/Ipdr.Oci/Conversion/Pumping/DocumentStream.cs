using Ipdr.Oci.Streams;

namespace Ipdr.Oci.Conversion.Pumping;

/// <summary>A document in memory, read as content.</summary>
internal sealed class DocumentStream(ReadOnlyMemory<byte> bytes) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _left = bytes;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = Math.Min(buffer.Length, _left.Length);
        _left[..count].CopyTo(buffer);
        _left = _left[count..];
        return ValueTask.FromResult(count);
    }
}
