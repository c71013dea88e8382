namespace Ipdr.Oci.Multiformats;

/// <summary>Hash functions by their codes in the multicodec table. Numbers without a name here are values too: they can be read, not computed.</summary>
public enum MultihashCode
{
    /// <summary>No hash: the digest is the content itself.</summary>
    Identity = 0x00,

    /// <summary>SHA-256.</summary>
    Sha256 = 0x12,

    /// <summary>SHA-512.</summary>
    Sha512 = 0x13,

    /// <summary>BLAKE3; 32 bytes unless the length says otherwise.</summary>
    Blake3 = 0x1e,

    /// <summary>BLAKE2b with 32 bytes of output.</summary>
    Blake2b256 = 0xb220,
}
