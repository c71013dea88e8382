namespace Ipdr.Oci.Compression.Xz;

/// <summary>The integrity check of an xz stream's blocks (.xz format, section 2.1.1.2).</summary>
internal enum XzCheck
{
    /// <summary>None at all.</summary>
    None = 0,

    /// <summary>CRC-32, 4 bytes.</summary>
    Crc32 = 1,

    /// <summary>CRC-64 (ECMA-182, reflected), 8 bytes: what xz writes by default.</summary>
    Crc64 = 4,

    /// <summary>SHA-256, 32 bytes.</summary>
    Sha256 = 10,
}
