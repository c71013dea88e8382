using Ipdr.Oci.UnixFs;

namespace Ipdr.Cli.Output.Documents;

/// <summary>A file, directory or link in a JSON result: sizes in bytes, of a file's content and of all its blocks.</summary>
internal sealed record CidEntryDocument(string Path, string Kind, string Cid, long? Size, long DagSize)
{
    public static CidEntryDocument Of(string path, DagEntryKind kind, string cid, long size, long dagSize) =>
        new(path, Word(kind), cid, kind == DagEntryKind.File ? size : null, dagSize);

    private static string Word(DagEntryKind kind) => kind switch
    {
        DagEntryKind.Directory => "directory",
        DagEntryKind.Symlink => "symlink",
        _ => "file",
    };
}
