namespace Ipdr.Oci.Multiformats;

/// <summary>Why a text is no spelling of bytes in a base.</summary>
internal enum BaseFault
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>A character is not in the alphabet; white space is in none.</summary>
    BadCharacter,

    /// <summary>No number of bytes has a spelling of this length, or the padding is wrong.</summary>
    BadLength,

    /// <summary>The last character carries bits that no byte takes up.</summary>
    TrailingBits,

    /// <summary>The bytes do not fit where they should go.</summary>
    TooLong,
}
