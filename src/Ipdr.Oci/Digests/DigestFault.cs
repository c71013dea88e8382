namespace Ipdr.Oci.Digests;

/// <summary>Why a text is not a digest that can be used.</summary>
public enum DigestFault
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>No colon between algorithm and value.</summary>
    NoColon,

    /// <summary>The algorithm's name breaks the grammar.</summary>
    BadAlgorithm,

    /// <summary>The value has a character that the grammar does not have.</summary>
    BadEncoding,

    /// <summary>Well-formed, of an algorithm that is not known here.</summary>
    UnsupportedAlgorithm,

    /// <summary>The value has another length than the algorithm's.</summary>
    BadLength,

    /// <summary>The value of a registered algorithm is not lower-case hexadecimal.</summary>
    NotLowerHex,
}
