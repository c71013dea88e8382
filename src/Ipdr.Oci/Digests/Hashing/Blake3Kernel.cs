namespace Ipdr.Oci.Digests.Hashing;

/// <summary>How many inputs are hashed at once, and by which registers. All give the same hashes.</summary>
internal enum Blake3Kernel
{
    /// <summary>One input, on every processor.</summary>
    Scalar,

    /// <summary>Four inputs, 128 bits.</summary>
    Vector128,

    /// <summary>Eight inputs, 256 bits.</summary>
    Vector256,

    /// <summary>Sixteen inputs, 512 bits.</summary>
    Vector512,
}
