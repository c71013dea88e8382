using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tar;

/// <summary>Bytes that should be a tar archive are not, or break off.</summary>
/// <remarks>
/// The code is one of <see cref="FaultCode.NotAnArchive"/>, <see cref="FaultCode.Truncated"/>, <see cref="FaultCode.BadChecksum"/>,
/// <see cref="FaultCode.BadHeader"/>, <see cref="FaultCode.Sparse"/> and <see cref="FaultCode.Limit"/>.
/// The place ends in the byte offset.
/// </remarks>
public sealed class TarFormatException(Fault fault) : IpdrException(fault);
