namespace Ipdr.Oci.Tests.Tar;

/// <summary>The ways in which bytes arrive.</summary>
public enum FeedKind
{
    Whole,
    OneByteASegment,
    DrippingStream,
    Pipe,
    File,
    AsynchronousFile,
    Socket,
}
