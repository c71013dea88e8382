using System.Collections.ObjectModel;

namespace Ipdr.Oci.Tar;

/// <summary>The description of one member: its header with the pax records and GNU long names that belong to it applied.</summary>
/// <remarks>
/// Names are UTF-8; a byte <c>b</c> that is not part of valid UTF-8 stands as the lone surrogate <c>U+DC00 + b</c>, so that different
/// bytes are different strings and a <see cref="TarWriter"/> writes the same bytes again. Names are as the archive has them: only an
/// <see cref="EntryPath"/> made of one is safe to use as a path.
/// </remarks>
public sealed record TarEntry
{
    /// <summary>Before the name of an extended attribute in a pax keyword.</summary>
    internal const string AttributePrefix = "SCHILY.xattr.";

    /// <summary>The member's name, as written.</summary>
    public required string Name { get; init; }

    /// <summary>What the member is.</summary>
    public TarEntryType Type { get; init; }

    /// <summary>The type byte of the header, of interest for <see cref="TarEntryType.Other"/>.</summary>
    public byte TypeFlag { get; init; }

    /// <summary>Bytes that the body gives, holes of a sparse file included; 0 for what has no body.</summary>
    public long Size { get; init; }

    /// <summary>The target of a link, empty for anything else that has none.</summary>
    public string LinkName { get; init; } = "";

    /// <summary>Permission bits, and whatever else the header has there.</summary>
    public int Mode { get; init; }

    /// <summary>The owner's number.</summary>
    public long Uid { get; init; }

    /// <summary>The group's number.</summary>
    public long Gid { get; init; }

    /// <summary>The owner's name, often empty.</summary>
    public string UserName { get; init; } = "";

    /// <summary>The group's name, often empty.</summary>
    public string GroupName { get; init; } = "";

    /// <summary>When the content was last changed.</summary>
    public TarTime ModificationTime { get; init; }

    /// <summary>The driver of a device; 0 for anything else.</summary>
    public long DeviceMajor { get; init; }

    /// <summary>The device of the driver; 0 for anything else.</summary>
    public long DeviceMinor { get; init; }

    /// <summary>Whether the body is stored without its holes. Then the bytes at <see cref="BodyOffset"/> are not the content.</summary>
    public bool IsSparse { get; init; }

    /// <summary>Where the member's own header block begins, in bytes from the start of the archive.</summary>
    public long HeaderOffset { get; init; }

    /// <summary>Where the member's stored body begins, in bytes from the start of the archive.</summary>
    public long BodyOffset { get; init; }

    /// <summary>All pax records in force, local over global, by keyword; those too that other properties show.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> PaxRecords { get; init; } =
        ReadOnlyDictionary<string, ReadOnlyMemory<byte>>.Empty;

    /// <summary>The extended attributes among <see cref="PaxRecords"/> (<c>SCHILY.xattr.*</c>), by their own names.</summary>
    public IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> ExtendedAttributes => PaxRecords
        .Where(record => record.Key.StartsWith(AttributePrefix, StringComparison.Ordinal))
        .Select(record => KeyValuePair.Create(record.Key[AttributePrefix.Length..], record.Value));
}
