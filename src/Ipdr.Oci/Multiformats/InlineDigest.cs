using System.Runtime.CompilerServices;

namespace Ipdr.Oci.Multiformats;

/// <summary>32 bytes inside a value: nearly all digests need no array of their own.</summary>
[InlineArray(4)]
internal struct InlineDigest
{
    /// <summary>Bytes that it holds.</summary>
    public const int Length = 4 * sizeof(ulong);

    private ulong _first;
}
