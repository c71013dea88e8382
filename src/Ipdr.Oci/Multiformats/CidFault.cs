namespace Ipdr.Oci.Multiformats;

/// <summary>Why a text or bytes are no CID that can be used.</summary>
public enum CidFault
{
    /// <summary>They are one.</summary>
    None,

    /// <summary>Nothing is there, or a base's prefix alone.</summary>
    Empty,

    /// <summary>The text is longer than any CID.</summary>
    TextTooLong,

    /// <summary>The first character is the prefix of no base in use.</summary>
    UnknownBase,

    /// <summary>A character is not in the base's alphabet.</summary>
    BadCharacter,

    /// <summary>The text has a length, a padding or last bits that no bytes are spelled with.</summary>
    BadEncoding,

    /// <summary>A text beginning with <c>Qm</c> does not have 46 characters.</summary>
    BadVersion0Length,

    /// <summary>A CID of version 0 in a base of choice; it has only one spelling.</summary>
    Version0InBase,

    /// <summary>The version is neither 0 nor 1.</summary>
    UnsupportedVersion,

    /// <summary>A number is not in its shortest form, or has more than 9 bytes.</summary>
    BadVarint,

    /// <summary>A codec's or a hash function's code is larger than any registered.</summary>
    CodeTooLarge,

    /// <summary>The digest has more than 128 bytes, or more than its function gives.</summary>
    DigestTooLong,

    /// <summary>The bytes end before the CID does.</summary>
    Truncated,

    /// <summary>Bytes follow the CID.</summary>
    TrailingBytes,

    /// <summary>A path or an address in which there is no CID.</summary>
    NoCid,

    /// <summary>A name of IPNS or DNSLink: what it stands for changes, and has to be asked for.</summary>
    MutableName,

    /// <summary>The path after the CID has a part <c>..</c>, <c>.</c> or a NUL, or is malformed.</summary>
    BadPath,

    /// <summary>A legacy image name, which is no CID but stands for one.</summary>
    LegacyName,

    /// <summary>A text that should be a legacy image name is not.</summary>
    BadLegacyName,
}
