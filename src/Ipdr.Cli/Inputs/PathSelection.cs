using Ipdr.Oci.UnixFs;
using Microsoft.Extensions.FileSystemGlobbing;

namespace Ipdr.Cli.Inputs;

/// <summary>What of a directory is taken in: patterns, and whether hidden names count.</summary>
/// <remarks>Patterns are those of .NET's file globbing, relative to the directory: <c>*</c> within a name, <c>**</c> for any folders.</remarks>
/// <param name="include">Only files that match one of these; all when there is none.</param>
/// <param name="exclude">No files that match one of these, and no folders all of whose files would.</param>
/// <param name="hidden">Are names that start with a dot taken in?</param>
internal sealed class PathSelection(IReadOnlyList<string> include, IReadOnlyList<string> exclude, bool hidden)
{
    // A file that nobody has: where a pattern takes it, it takes the whole folder.
    private const string AnyFile = "\u0001";

    private readonly Matcher _include = Matching(include);
    private readonly Matcher _exclude = Matching(exclude);

    public IReadOnlyList<string> Include => include;

    public IReadOnlyList<string> Exclude => exclude;

    public bool Hidden => hidden;

    /// <summary>Null when everything is taken in.</summary>
    public ImportFilter? Filter => hidden && include.Count == 0 && exclude.Count == 0 ? null : Accepts;

    private bool Accepts(string path, bool isDirectory)
    {
        if (!hidden && Path.GetFileName(path.AsSpan()).StartsWith('.'))
            return false;
        if (exclude.Count > 0 && (_exclude.Match(path).HasMatches || (isDirectory && _exclude.Match($"{path}/{AnyFile}").HasMatches)))
            return false;
        return isDirectory || include.Count == 0 || _include.Match(path).HasMatches;
    }

    private static Matcher Matching(IReadOnlyList<string> patterns)
    {
        Matcher matcher = new(StringComparison.Ordinal);
        matcher.AddIncludePatterns(patterns);
        return matcher;
    }
}
