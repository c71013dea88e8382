namespace Ipdr.Oci.Tar;

/// <summary>How an archive ends. All three are accepted by every tool; only the first is what POSIX asks for.</summary>
public enum TarEnd
{
    /// <summary>The end has not been reached.</summary>
    Unknown,

    /// <summary>Two zero blocks.</summary>
    EndBlocks,

    /// <summary>One zero block; what follows it, if anything, is no second one.</summary>
    OneEndBlock,

    /// <summary>No zero block: the input ends where a header could begin.</summary>
    NoEndBlocks,
}
