using Ipdr.Oci.Faults;
using Microsoft.Extensions.FileSystemGlobbing;

namespace Ipdr.Cli.Inputs;

/// <summary>Patterns that the shell left to us: quoted ones, <c>**</c>, and those of systems whose shell expands none.</summary>
internal static class InputGlob
{
    private static readonly char[] Wildcards = ['*', '?'];

    /// <summary>The files that are meant, each once, those of a pattern in ordinal order.</summary>
    /// <exception cref="IpdrException">A pattern matches nothing.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> arguments, string currentFolder)
    {
        List<string> files = [];
        foreach (string argument in arguments)
        {
            if (argument.IndexOfAny(Wildcards) < 0 || File.Exists(argument))
                files.Add(argument);
            else
                files.AddRange(Match(argument, currentFolder));
        }
        return [.. files.Distinct()];
    }

    private static string[] Match(string pattern, string currentFolder)
    {
        // The part before the first wildcard says where to look: patterns may be absolute or climb.
        int separator = pattern.LastIndexOf(Path.DirectorySeparatorChar, pattern.IndexOfAny(Wildcards));
        string folder = separator < 0 ? "" : pattern[..(separator + 1)];
        string start = Path.GetFullPath(folder, currentFolder);
        Matcher matcher = new(StringComparison.Ordinal);
        matcher.AddInclude(pattern[(separator + 1)..]);
        string[] found = Directory.Exists(start)
            ? [.. matcher.GetResultsInFullPath(start).Select(path => folder + Path.GetRelativePath(start, path)).Order(StringComparer.Ordinal)]
            : [];
        return found.Length > 0 ? found : throw new IpdrException(new Fault(FaultCode.Io, "no file matches the pattern", pattern, "Check the pattern; ** stands for any folders."));
    }
}
