using Ipdr.Oci.Digests;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Archives;

/// <summary>One member of an archive under its normalised name.</summary>
/// <param name="path">Where it is in the archive.</param>
/// <param name="type">What it is.</param>
/// <param name="size">Bytes of its body.</param>
/// <param name="bodyOffset">Where its body starts, in bytes of the tar stream.</param>
internal sealed class ArchiveMember(EntryPath path, TarEntryType type, long size, long bodyOffset)
{
    public EntryPath Path => path;

    public TarEntryType Type => type;

    public long Size => size;

    public long BodyOffset => bodyOffset;

    /// <summary>Where a link leads, as written.</summary>
    public string LinkTarget { get; init; } = "";

    /// <summary>The whole content, when it looks like a JSON document and is small enough.</summary>
    public ReadOnlyMemory<byte>? Document { get; init; }

    /// <summary>The digest that reading the content to its end compares it with; null where nobody does that.</summary>
    public Digest? Verified { get; init; }

    /// <summary>Is the member in place when the tar stream is a file? False for sparse members, whose stored form is not their content.</summary>
    public bool IsContiguous { get; init; } = true;

    /// <summary>Later members of the same name.</summary>
    public List<ArchiveMember> Repeats { get; } = [];

    public bool IsFile => Type == TarEntryType.RegularFile;

    public bool IsLink => Type is TarEntryType.SymbolicLink or TarEntryType.HardLink;
}
