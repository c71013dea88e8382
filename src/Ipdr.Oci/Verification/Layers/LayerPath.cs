namespace Ipdr.Oci.Verification.Layers;

/// <summary>Names in layers, which are paths from the root of the image: what they lead to, and whether that is inside.</summary>
internal static class LayerPath
{
    /// <summary>Reads a member's name or a hard link's target.</summary>
    /// <param name="name">The name as written; <c>./a//b/</c> is <c>a/b</c>.</param>
    /// <param name="path">The parts with <c>/</c> between them; empty for the root.</param>
    /// <returns>False when it climbs above the root.</returns>
    public static bool TryNormalise(string name, out string path)
    {
        ReadOnlySpan<char> rest = name.AsSpan().StartsWith("./") ? name.AsSpan(2) : name;
        rest = rest.TrimEnd('/');
        if (IsPlain(rest))
        {
            path = rest.Length == name.Length ? name : rest.ToString();
            return true;
        }
        return TryWalk([], name, out path);
    }

    /// <summary>Where a symbolic link leads; false when it climbs above the root. An absolute target counts from the root.</summary>
    public static bool TryResolve(string link, string target, out string path)
    {
        int folder = link.LastIndexOf('/');
        return TryWalk(target.StartsWith('/') || folder < 0 ? [] : [.. link[..folder].Split('/')], target, out path);
    }

    /// <summary>The part after the last slash.</summary>
    public static ReadOnlySpan<char> NameOf(string path) => path.AsSpan(path.LastIndexOf('/') + 1);

    private static bool IsPlain(ReadOnlySpan<char> path)
    {
        if (path.IsEmpty || path[0] == '/')
            return false;
        // A part that is empty, "." or ".." begins with a dot or a slash.
        int at = 0;
        while (true)
        {
            if (path[at] is '/' || (path[at] == '.' && IsDots(path[at..])))
                return false;
            int next = path[at..].IndexOf('/');
            if (next < 0)
                return true;
            at += next + 1;
            if (at == path.Length)
                return false;
        }
    }

    private static bool IsDots(ReadOnlySpan<char> part) => part is "." or ".." or ['.', '/', ..] or ['.', '.', '/', ..];

    private static bool TryWalk(List<string> parts, string name, out string path)
    {
        path = "";
        foreach (string part in name.Split('/'))
        {
            if (part is "" or ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count == 0)
                return false;
            else
                parts.RemoveAt(parts.Count - 1);
        }
        path = string.Join('/', parts);
        return true;
    }
}
