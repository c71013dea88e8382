namespace Ipdr.Cli.Output.Reports;

/// <summary>Things by their number.</summary>
internal static class Counted
{
    /// <summary><c>1 blob</c>, <c>2 blobs</c>.</summary>
    public static string Of(long count, string one) => count == 1 ? $"1 {one}" : $"{count} {one}s";
}
