using Ipdr.Oci.Faults;
using Microsoft.Extensions.FileSystemGlobbing;

namespace Ipdr.Cli.Inputs;

/// <summary>Patterns that the shell left to us: quoted ones, <c>**</c>, and those of systems whose shell expands none.</summary>
internal static class InputGlob
{
    private static readonly char[] Wildcards = ['*', '?'];

    // Layouts are folders, and rarely deep below where somebody stands.
    private const int MaxFolderDepth = 8;

    /// <summary>The files that are meant, each once, those of a pattern in ordinal order.</summary>
    /// <param name="arguments">Names and patterns.</param>
    /// <param name="currentFolder">Where relative ones begin.</param>
    /// <param name="foldersToo">Folders can be meant as well: then a pattern also matches those, and no files inside of a folder that it matches.</param>
    /// <exception cref="IpdrException">A pattern matches nothing.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> arguments, string currentFolder, bool foldersToo = false)
    {
        List<string> files = [];
        foreach (string argument in arguments)
        {
            if (argument.IndexOfAny(Wildcards) < 0 || Path.Exists(argument))
                files.Add(argument);
            else
                files.AddRange(Match(argument, currentFolder, foldersToo));
        }
        return [.. files.Distinct()];
    }

    private static string[] Match(string pattern, string currentFolder, bool foldersToo)
    {
        // The part before the first wildcard says where to look: patterns may be absolute or climb.
        int separator = pattern.LastIndexOf(Path.DirectorySeparatorChar, pattern.IndexOfAny(Wildcards));
        string folder = separator < 0 ? "" : pattern[..(separator + 1)];
        string start = Path.GetFullPath(folder, currentFolder);
        Matcher matcher = new(StringComparison.Ordinal);
        matcher.AddInclude(pattern[(separator + 1)..]);
        string[] found = Directory.Exists(start) ? [.. Files(matcher, start, foldersToo).Select(path => folder + path).Order(StringComparer.Ordinal)] : [];
        return found.Length > 0 ? found : throw new IpdrException(new Fault(FaultCode.Io, "no file matches the pattern", pattern, "Check the pattern; ** stands for any folders."));
    }

    private static IEnumerable<string> Files(Matcher matcher, string start, bool foldersToo)
    {
        IEnumerable<string> files = matcher.GetResultsInFullPath(start).Select(path => Path.GetRelativePath(start, path));
        if (!foldersToo)
            return files;
        // The matcher knows files only: folders are given to it as if they were some.
        string[] folders = [.. Directory.EnumerateDirectories(start, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = MaxFolderDepth })
            .Select(path => Path.GetRelativePath(start, path)).Where(path => matcher.Match(path).HasMatches)];
        return folders.Where(folder => !folders.Any(other => IsInside(folder, other))).Concat(files.Where(file => !folders.Any(folder => IsInside(file, folder))));
    }

    private static bool IsInside(string path, string folder) => path.Length > folder.Length && path[folder.Length] == Path.DirectorySeparatorChar && path.StartsWith(folder, StringComparison.Ordinal);
}
