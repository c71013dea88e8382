using Ipdr.Oci.Car;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Tests.Gateways;

/// <summary>CARs piece by piece.</summary>
internal static class CarBytes
{
    public static byte[] Header(Cid root) => CarHeaderCodec.Encode(root);

    public static byte[] Section(Cid cid, byte[] bytes)
    {
        byte[] head = new byte[CarSection.MaxHeadLength];
        return [.. head.AsSpan(0, CarSection.WriteHead(head, cid, bytes.Length)), .. bytes];
    }
}
