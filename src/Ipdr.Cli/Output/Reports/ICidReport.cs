using Ipdr.Oci.UnixFs;

namespace Ipdr.Cli.Output.Reports;

/// <summary>Puts CIDs on stdout.</summary>
internal interface ICidReport
{
    /// <summary>Takes the next one.</summary>
    /// <param name="path">As it was given, or below what was given.</param>
    /// <param name="entry">Its CID and sizes.</param>
    void Add(string path, DagEntry entry);

    /// <summary>Ends the result.</summary>
    void Complete();
}
