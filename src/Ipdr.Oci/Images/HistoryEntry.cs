namespace Ipdr.Oci.Images;

/// <summary>One step of the <c>history</c> of an image config.</summary>
/// <param name="EmptyLayer">The step made no layer.</param>
public sealed record HistoryEntry(bool EmptyLayer = false);
