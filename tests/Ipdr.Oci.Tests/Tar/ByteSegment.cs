using System.Buffers;

namespace Ipdr.Oci.Tests.Tar;

/// <summary>A segment of one byte.</summary>
internal sealed class ByteSegment : ReadOnlySequenceSegment<byte>
{
    private ByteSegment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

    public static ReadOnlySequence<byte> Split(byte[] bytes)
    {
        ByteSegment first = new(ReadOnlyMemory<byte>.Empty, 0), last = first;
        for (int i = 0; i < bytes.Length; i++)
        {
            ByteSegment next = new(bytes.AsMemory(i, 1), i);
            last.Next = next;
            last = next;
        }
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
