namespace Ipdr.Oci.Resolution;

/// <summary>TXT records of a name.</summary>
/// <param name="Texts">Their texts, the parts of each joined.</param>
/// <param name="Lifetime">How long the answer holds: the smallest TTL.</param>
public sealed record TextRecords(IReadOnlyList<string> Texts, TimeSpan Lifetime);
