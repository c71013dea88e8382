namespace Ipdr.Cli.Verify;

/// <summary>A content that was put in its place, in a JSON result.</summary>
internal sealed record RepairedDocument(string Path, string Digest, string From);
