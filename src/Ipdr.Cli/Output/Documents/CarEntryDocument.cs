using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Cli.Output.Documents;

/// <summary>An entry in the list of a CAR; size in bytes, of files only.</summary>
internal sealed record CarEntryDocument(string Path, string Kind, string Cid, long? Size, string? LinkTarget)
{
    public static CarEntryDocument Of(UnixFsEntry entry) => entry.Kind switch
    {
        Oci.UnixFs.DagEntryKind.Directory => new(entry.Path, "directory", entry.Cid.ToString(), null, null),
        Oci.UnixFs.DagEntryKind.Symlink => new(entry.Path, "symlink", entry.Cid.ToString(), null, entry.LinkTarget),
        _ => new(entry.Path, "file", entry.Cid.ToString(), entry.Size, null),
    };
}
