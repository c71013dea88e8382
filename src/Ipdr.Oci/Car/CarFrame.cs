using System.Buffers;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Car;

/// <summary>The length before a header.</summary>
internal static class CarFrame
{
    /// <summary>Reads it from the first bytes, which may be all that there are.</summary>
    /// <exception cref="CarFormatException">It is cut off, malformed, or too large.</exception>
    public static (int Length, int LengthLength) ReadHeaderLength(ReadOnlySequence<byte> start, long offset, CarLimits limits)
    {
        Span<byte> bytes = stackalloc byte[UnsignedVarint.MaxLength];
        int count = (int)Math.Min(start.Length, bytes.Length);
        start.Slice(0, count).CopyTo(bytes);
        return ReadHeaderLength(bytes[..count], offset, limits);
    }

    /// <inheritdoc cref="ReadHeaderLength(ReadOnlySequence{byte}, long, CarLimits)"/>
    public static (int Length, int LengthLength) ReadHeaderLength(ReadOnlySpan<byte> start, long offset, CarLimits limits)
    {
        if (start.IsEmpty && offset == 0)
            throw CarFaults.NotACar("it is empty");
        VarintFault fault = UnsignedVarint.Read(start, out ulong length, out int lengthLength);
        if (fault == VarintFault.Truncated)
            throw CarFaults.Truncated("the header", offset, start.Length + 1, start.Length);
        if (fault == VarintFault.None && length > 0 && length <= (ulong)limits.MaxHeaderBytes)
            return ((int)length, lengthLength);
        throw offset == 0
            ? CarFaults.NotACar(fault == VarintFault.None ? $"its header would have {length} bytes" : "its first bytes are no length")
            : CarFaults.Bad("the header inside the CAR has no length, or one beyond all bounds", offset);
    }
}
