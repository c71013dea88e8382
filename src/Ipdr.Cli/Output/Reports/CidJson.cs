using System.Text.Json;
using Ipdr.Cli.Output.Documents;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Cli.Output.Reports;

/// <summary>One document with all CIDs and the rules by which they were made.</summary>
internal sealed class CidJson(TextWriter output, ProfileDocument profile, SelectionDocument selection) : ICidReport
{
    private readonly List<CidEntryDocument> _entries = [];

    public void Add(string path, DagEntry entry) => _entries.Add(CidEntryDocument.Of(path, entry.Kind, entry.Cid.ToString(), entry.FileSize, entry.CumulativeSize));

    public void Complete() => output.WriteLine(JsonSerializer.Serialize(new CidDocument(_entries, profile, selection), ReportJson.Readable.CidDocument));
}
