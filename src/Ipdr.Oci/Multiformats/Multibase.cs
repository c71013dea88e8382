namespace Ipdr.Oci.Multiformats;

/// <summary>The spellings of bytes that are used for CIDs; the first character of a text tells which it is.</summary>
public enum Multibase
{
    /// <summary><c>b</c>: RFC 4648 base32, lower case, no padding. The one to print.</summary>
    Base32,

    /// <summary><c>B</c>: base32 in upper case.</summary>
    Base32Upper,

    /// <summary><c>c</c>: base32, lower case, padded with <c>=</c>.</summary>
    Base32Pad,

    /// <summary><c>k</c>: base36, lower case; keeps IPNS names within a DNS label.</summary>
    Base36,

    /// <summary><c>K</c>: base36 in upper case.</summary>
    Base36Upper,

    /// <summary><c>z</c>: base58 with Bitcoin's alphabet.</summary>
    Base58Btc,

    /// <summary><c>u</c>: RFC 4648 base64url, no padding.</summary>
    Base64Url,

    /// <summary><c>f</c>: hexadecimal, lower case.</summary>
    Base16,

    /// <summary><c>F</c>: hexadecimal, upper case.</summary>
    Base16Upper,
}
