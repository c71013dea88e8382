using System.Globalization;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Cli.Output.Documents;

/// <summary>The rules of a DAG in a JSON result: with them anybody can compute the CID again. The name is null where none of the known profiles has these parameters.</summary>
internal sealed record ProfileDocument(
    string? Name,
    int CidVersion,
    string Hash,
    string Chunker,
    bool RawLeaves,
    int MaxFileLinks,
    int HamtThreshold,
    string HamtEstimate,
    int MaxHamtFanout,
    bool PreserveMode,
    bool PreserveMtime)
{
    public static ProfileDocument Of(UnixFsProfile profile) => new(
        profile.Name,
        profile.CidVersion,
        profile.Hash.Name,
        string.Create(CultureInfo.InvariantCulture, $"size-{profile.ChunkSize}"),
        profile.RawLeaves,
        profile.MaxFileLinks,
        profile.HamtThreshold,
        profile.HamtEstimate == Oci.UnixFs.HamtEstimate.Links ? "links" : "block",
        profile.MaxHamtFanout,
        profile.PreserveMode,
        profile.PreserveMtime);
}
