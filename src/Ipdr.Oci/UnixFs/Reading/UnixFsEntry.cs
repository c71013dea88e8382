using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>A file, directory or link of a DAG, as its top block describes it.</summary>
/// <param name="Path">From where the reading began, parts separated by <c>/</c>; empty for that place itself.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Cid">Its top block.</param>
/// <param name="Size">Bytes of a file; 0 for anything else.</param>
/// <param name="LinkTarget">What a symbolic link says; null for anything else. It may lead anywhere.</param>
public sealed record UnixFsEntry(string Path, DagEntryKind Kind, Cid Cid, long Size, string? LinkTarget)
{
    /// <summary>Mode and time, where they were imported with it.</summary>
    internal UnixFsMetadata Metadata { get; init; }
}
