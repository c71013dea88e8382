namespace Ipdr.Oci.Multiformats;

/// <summary>Why bytes are no unsigned varint.</summary>
internal enum VarintFault
{
    /// <summary>They are one.</summary>
    None,

    /// <summary>They end inside it.</summary>
    Truncated,

    /// <summary>The number has a shorter form.</summary>
    NotMinimal,

    /// <summary>It goes on after nine bytes.</summary>
    TooLong,
}
