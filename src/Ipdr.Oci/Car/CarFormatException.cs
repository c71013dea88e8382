using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Car;

/// <summary>A CAR is malformed, cut off, or holds a block that is not the one that it is called.</summary>
/// <param name="fault">What is wrong.</param>
/// <param name="offset">At which byte of the CAR.</param>
public sealed class CarFormatException(Fault fault, long offset) : IpdrException(fault)
{
    /// <summary>The byte of the CAR at which the header or section begins that is wrong.</summary>
    public long Offset { get; } = offset;
}
