namespace Ipdr.Cli.Commands;

/// <summary>The spellings that <c>ipdr convert HASH --format</c> translates between.</summary>
internal enum NameFormat
{
    /// <summary>The legacy image name, <c>ciq…</c>.</summary>
    Docker,

    /// <summary>What the first IPDR called the IPFS hash: version 0 where there is one, else the CID's own spelling.</summary>
    Ipfs,

    /// <summary><c>Qm…</c>.</summary>
    CidV0,

    /// <summary>Base32, <c>bafy…</c>.</summary>
    CidV1,
}
