using System.Globalization;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Archives;

/// <summary>Content that is not what was promised.</summary>
internal static class ContentFaults
{
    private const string Remedy = "Get the archive again; this copy is damaged or was changed.";

    public static Fault Digest(string where, Digest expected, Digest actual) =>
        new(FaultCode.DigestMismatch, "the content does not have the digest that names it", where, Remedy) { Expected = expected.ToString(), Actual = actual.ToString() };

    public static Fault DiffId(string where, int layer, Digest expected, Digest actual) =>
        new(FaultCode.DigestMismatch, $"layer {layer + 1}, uncompressed, does not have the DiffId that the config promises", where, Remedy) { Expected = expected.ToString(), Actual = actual.ToString() };

    public static Fault FalseName(string where, Digest named, Digest actual) => new(
        FaultCode.DigestMismatch, "the layer is called by the digest of one that is here, and is another; what comes through a pipe cannot be read again", where,
        "Get the archive again; if it is meant to be so, write it to a file and take that.")
    {
        Expected = named.ToString(),
        Actual = actual.ToString(),
    };

    public static Fault Size(string where, long expected, long actual) =>
        new(FaultCode.SizeMismatch, "the content does not have the promised size", where, Remedy)
        {
            Expected = expected.ToString(CultureInfo.InvariantCulture) + " bytes",
            Actual = actual.ToString(CultureInfo.InvariantCulture) + " bytes",
        };
}
