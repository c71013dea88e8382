namespace Ipdr.Oci.Multiformats;

/// <summary>What the bytes of a block are: codes of the multicodec table. Numbers without a name here are values too.</summary>
public enum Multicodec
{
    /// <summary>CBOR, as it is.</summary>
    Cbor = 0x51,

    /// <summary>Bytes without structure: the leaves of files.</summary>
    Raw = 0x55,

    /// <summary>A node of links and data in protobuf: what directories and large files are made of.</summary>
    DagPb = 0x70,

    /// <summary>CBOR with links.</summary>
    DagCbor = 0x71,

    /// <summary>A public key; the codec of IPNS names.</summary>
    Libp2pKey = 0x72,

    /// <summary>JSON with links.</summary>
    DagJson = 0x0129,

    /// <summary>JSON, as it is.</summary>
    Json = 0x0200,

    /// <summary>An archive of blocks.</summary>
    Car = 0x0202,
}
