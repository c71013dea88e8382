namespace Ipdr.Oci.Tar;

/// <summary>A normalised path inside an archive: no <c>..</c>, no root, no NUL, no drive, no empty or <c>.</c> part.</summary>
/// <remarks>
/// <para>Only such a path may be joined to a directory. Parts are separated by <c>/</c>, and none stands at either end. A backslash is an
/// ordinary character, but a name that would climb or be absolute where it separates parts is refused as well. Comparison is ordinal.</para>
/// <para><c>default</c> is the root of the archive, and prints as the empty text.</para>
/// </remarks>
public readonly record struct EntryPath
{
    private readonly string? _text;

    private EntryPath(string text) => _text = text;

    /// <summary>Whether this is the archive's root itself (<c>.</c> or <c>./</c>).</summary>
    public bool IsRoot => _text is null;

    /// <summary>Reads a member's name or a hard link's target; <paramref name="reason"/> tells why it is none.</summary>
    public static bool TryParse(string? name, out EntryPath path, out EntryPathFault reason)
    {
        path = default;
        reason = Check(name);
        return reason == EntryPathFault.None && TryWalk([], name!, climbing: false, out path, out reason);
    }

    /// <summary>Reads a symbolic link's target, which is relative to the directory that this path, the link, is in.</summary>
    /// <remarks>The walk is one of names: links among the directories are not followed. <c>..</c> may lead to the root, not above.</remarks>
    public bool TryResolve(string? linkTarget, out EntryPath path, out EntryPathFault reason)
    {
        path = default;
        reason = Check(linkTarget);
        if (reason != EntryPathFault.None)
            return false;
        List<string> directory = _text is null ? [] : [.. _text.Split('/')[..^1]];
        return TryWalk(directory, linkTarget!, climbing: true, out path, out reason);
    }

    /// <summary>The parts with <c>/</c> between them; empty for the root.</summary>
    public override string ToString() => _text ?? "";

    private static EntryPathFault Check(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return EntryPathFault.Empty;
        if (name.Contains('\0', StringComparison.Ordinal))
            return EntryPathFault.Nul;
        return name[0] is '/' or '\\' ? EntryPathFault.Absolute : EntryPathFault.None;
    }

    private static bool TryWalk(List<string> parts, string name, bool climbing, out EntryPath path, out EntryPathFault reason)
    {
        path = default;
        foreach (string part in name.Split('/'))
        {
            reason = Step(parts, part, climbing);
            if (reason != EntryPathFault.None)
                return false;
        }
        reason = parts is [[_, ':', ..] first, ..] && char.IsAsciiLetter(first[0]) ? EntryPathFault.Drive
            : parts is [['\\', ..], ..] ? EntryPathFault.Absolute : EntryPathFault.None;
        if (reason == EntryPathFault.None && parts.Count > 0)
            path = new EntryPath(string.Join('/', parts));
        return reason == EntryPathFault.None;
    }

    private static EntryPathFault Step(List<string> parts, string part, bool climbing)
    {
        if (part == "..")
        {
            if (!climbing || parts.Count == 0)
                return EntryPathFault.Climbs;
            parts.RemoveAt(parts.Count - 1);
        }
        else if (part.Contains('\\', StringComparison.Ordinal) && part.Split('\\').Contains(".."))
            return EntryPathFault.Climbs;
        else if (part is not ("" or "."))
            parts.Add(part);
        return EntryPathFault.None;
    }
}
