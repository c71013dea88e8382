using System.Globalization;

namespace Ipdr.Oci.Multiformats;

/// <summary>Names of the codecs.</summary>
public static class MulticodecExtensions
{
    extension(Multicodec codec)
    {
        /// <summary>The name in the multicodec table, as <c>dag-pb</c>; a number in hexadecimal where it is none of the enumeration's.</summary>
        public string Name => codec switch
        {
            Multicodec.Cbor => "cbor",
            Multicodec.Raw => "raw",
            Multicodec.DagPb => "dag-pb",
            Multicodec.DagCbor => "dag-cbor",
            Multicodec.Libp2pKey => "libp2p-key",
            Multicodec.DagJson => "dag-json",
            Multicodec.Json => "json",
            Multicodec.Car => "car",
            _ => string.Create(CultureInfo.InvariantCulture, $"0x{(int)codec:x}"),
        };
    }
}
