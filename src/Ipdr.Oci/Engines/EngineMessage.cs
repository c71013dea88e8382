namespace Ipdr.Oci.Engines;

/// <summary>One line of what an engine tells while it works.</summary>
/// <param name="Stream">Text for people.</param>
/// <param name="Status">What is being done.</param>
/// <param name="Id">To which layer.</param>
/// <param name="Error">Why it failed; then there is no more.</param>
/// <param name="ErrorDetail">The same, in newer engines.</param>
internal sealed record EngineMessage(string? Stream = null, string? Status = null, string? Id = null, string? Error = null, EngineErrorDetail? ErrorDetail = null)
{
    /// <summary>Why the work failed; null if it did not.</summary>
    public string? Failure => ErrorDetail?.Message ?? Error ?? (Stream?.StartsWith("Error unpacking image", StringComparison.Ordinal) == true ? Stream.Trim() : null);
}
