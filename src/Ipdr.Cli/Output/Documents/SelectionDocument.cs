namespace Ipdr.Cli.Output.Documents;

/// <summary>What of directories was taken in, in a JSON result.</summary>
internal sealed record SelectionDocument(IReadOnlyList<string> Include, IReadOnlyList<string> Exclude, bool Hidden, bool EmptyDirs);
