using System.Diagnostics.CodeAnalysis;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Archives;

/// <summary>What a scan found in an archive: members by name, and how the stream ended.</summary>
internal sealed class ArchiveContents(ArchiveLimits limits)
{
    private readonly Dictionary<EntryPath, ArchiveMember> _members = [];
    private readonly List<string> _unsafeNames = [];
    private int _held;
    private long _nameLength;

    public IReadOnlyCollection<ArchiveMember> Members => _members.Values;

    /// <summary>Names that climb out of the archive or are absolute. Nothing is ever read or written by them.</summary>
    public IReadOnlyList<string> UnsafeNames => _unsafeNames;

    /// <summary>How the tar stream ended.</summary>
    public TarEnd End { get; set; }

    /// <summary>Non-zero bytes after the end of the archive.</summary>
    public long TrailingBytes { get; set; }

    /// <summary>Bytes after the end of the compressed stream around the archive.</summary>
    public bool HasDataAfterCompression { get; set; }

    /// <summary>Files a member; a later one of the same name is kept as a repeat of the first, which is returned.</summary>
    /// <exception cref="IpdrException">There are too many members, or their names are too long together.</exception>
    public ArchiveMember Add(ArchiveMember member)
    {
        if (!_members.TryGetValue(member.Path, out ArchiveMember? first))
        {
            Hold(member.BodyOffset, member.Path.ToString().Length + member.LinkTarget.Length);
            _members.Add(member.Path, first = member);
        }
        else if (first.Type != TarEntryType.Directory || member.Type != TarEntryType.Directory)
        {
            Hold(member.BodyOffset, member.LinkTarget.Length);
            first.Repeats.Add(member);
        }
        return first;
    }

    /// <summary>Notes a name that leaves the archive.</summary>
    /// <exception cref="IpdrException">There are too many members, or their names are too long together.</exception>
    public void AddUnsafe(string name, long offset)
    {
        Hold(offset, name.Length);
        _unsafeNames.Add(name);
    }

    public bool Contains(string path) => TryGet(path, out _);

    public bool TryGet(string path, [NotNullWhen(true)] out ArchiveMember? member)
    {
        member = null;
        return EntryPath.TryParse(path, out EntryPath parsed, out _) && _members.TryGetValue(parsed, out member);
    }

    /// <summary>Finds the file that a name in a document leads to, through links, inside the archive only.</summary>
    /// <returns>The file, or null and the fault; <paramref name="missing"/> is the code for a name that is simply not there.</returns>
    public ArchiveMember? Resolve(string name, FaultCode missing, out Fault? fault)
    {
        fault = null;
        if (!EntryPath.TryParse(name, out EntryPath path, out EntryPathFault reason))
        {
            fault = new Fault(FaultCode.PathTraversal, EntryPathFaultText(reason), name, "Names in an archive stay inside it; do not use this archive.");
            return null;
        }
        HashSet<EntryPath> visited = [];
        while (true)
        {
            if (!_members.TryGetValue(path, out ArchiveMember? member))
            {
                fault = visited.Count == 0
                    ? new Fault(missing, "it is named but not in the archive", name, "Save the image again; this archive is incomplete.")
                    : new Fault(FaultCode.BadLink, $"the link leads to {path}, which is not in the archive", name, "Save the image again; this archive is incomplete.");
                return null;
            }
            if (!member.IsLink)
                return RequireFile(member, name, out fault);
            if (!visited.Add(path) || visited.Count > limits.MaxLinkHops)
            {
                fault = new Fault(FaultCode.LinkLoop, "the link leads back to itself", name, "Do not use this archive.");
                return null;
            }
            if (!Follow(member, out path))
            {
                fault = new Fault(FaultCode.BadLink, $"the link leads out of the archive, to {member.LinkTarget}", name, "Do not use this archive.");
                return null;
            }
        }
    }

    private void Hold(long offset, int nameLength)
    {
        if (++_held > limits.MaxMembers)
            throw PastLimit($"the archive has more than {limits.MaxMembers} members", offset);
        if ((_nameLength += nameLength) > limits.MaxNameCharacters)
            throw PastLimit($"the names in the archive have more than {limits.MaxNameCharacters} characters together", offset);
    }

    private static IpdrException PastLimit(string what, long offset) =>
        new(new Fault(FaultCode.Limit, what, $"byte {offset}", "This is no image that an engine saved."));

    // A hard link's target counts from the archive's root, a symbolic link's from its own directory.
    private static bool Follow(ArchiveMember link, out EntryPath target) => link.Type == TarEntryType.HardLink
        ? EntryPath.TryParse(link.LinkTarget, out target, out _)
        : link.Path.TryResolve(link.LinkTarget, out target, out _);

    private static ArchiveMember? RequireFile(ArchiveMember member, string name, out Fault? fault)
    {
        fault = member.IsFile ? null : new Fault(FaultCode.NotAFile, $"a file is needed here, not a {member.Type}", name, "Do not use this archive.");
        return fault is null ? member : null;
    }

    private static string EntryPathFaultText(EntryPathFault fault) => fault switch
    {
        EntryPathFault.Empty => "the name is empty",
        EntryPathFault.Absolute => "the name is absolute",
        EntryPathFault.Nul => "the name has a NUL character",
        EntryPathFault.Drive => "the name starts with a drive",
        _ => "the name climbs out of the archive",
    };
}
