namespace Ipdr.Oci.Digests;

/// <summary>The algorithms registered by the OCI image spec (descriptor.md, "Registered Algorithms").</summary>
public enum DigestAlgorithm
{
    /// <summary>SHA-256, 64 lower-case hex digits; every implementation has it.</summary>
    Sha256,

    /// <summary>SHA-512, 128 lower-case hex digits.</summary>
    Sha512,

    /// <summary>BLAKE3 with 256 bits of output, 64 lower-case hex digits; on the spec's main branch since April 2025.</summary>
    Blake3,
}
