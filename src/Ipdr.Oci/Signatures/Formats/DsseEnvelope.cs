using System.Globalization;
using System.Text;

namespace Ipdr.Oci.Signatures.Formats;

/// <summary>A payload and signatures of it (DSSE, envelope.md).</summary>
/// <param name="Payload">What is signed, in base64.</param>
/// <param name="PayloadType">What that is; it is signed too.</param>
/// <param name="Signatures">Any number of signatures, each of the same.</param>
internal sealed record DsseEnvelope(string Payload, string PayloadType, IReadOnlyList<DsseSignature> Signatures)
{
    /// <summary>The media type of an envelope as a layer: cosign's attestations under the tag <c>.att</c>.</summary>
    public const string MediaType = "application/vnd.dsse.envelope.v1+json";

    /// <summary>The bytes that are signed: the pre-authentication encoding (DSSE, protocol.md), lengths in bytes.</summary>
    /// <param name="type">The type of the payload.</param>
    /// <param name="payload">The payload.</param>
    public static byte[] Encode(string type, ReadOnlySpan<byte> payload)
    {
        byte[] name = Encoding.UTF8.GetBytes(type);
        byte[] head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {name.Length} "));
        byte[] length = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {payload.Length} "));
        return [.. head, .. name, .. length, .. payload];
    }
}
