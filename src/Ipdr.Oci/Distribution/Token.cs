namespace Ipdr.Oci.Distribution;

/// <summary>A token that a registry is shown, and how long.</summary>
/// <param name="Value">The token.</param>
/// <param name="Expires">When it stops being of use.</param>
internal readonly record struct Token(string Value, DateTimeOffset Expires);
