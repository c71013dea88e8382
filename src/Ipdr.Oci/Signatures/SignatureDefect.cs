using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Signatures;

/// <summary>Something that claims to be a signature and is none of the image.</summary>
/// <param name="Code">What kind of defect it is.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Manifest">The manifest that holds it.</param>
/// <param name="Pointer">The place in that manifest (RFC 6901).</param>
internal sealed record SignatureDefect(FaultCode Code, string What, Digest Manifest, string Pointer)
{
    public string? Expected { get; init; }

    public string? Actual { get; init; }
}
