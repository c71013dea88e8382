using Ipdr.Oci.UnixFs;

namespace Ipdr.Cli.Output.Reports;

/// <summary>A line for each CID, with or without the path.</summary>
internal sealed class CidLines(TextWriter output, bool withPaths) : ICidReport
{
    public void Add(string path, DagEntry entry) => output.WriteLine(withPaths ? $"{entry.Cid}  {Printable.Of(path)}" : entry.Cid.ToString());

    public void Complete() => output.Flush();
}
