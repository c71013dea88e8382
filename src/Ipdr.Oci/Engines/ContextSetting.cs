namespace Ipdr.Oci.Engines;

/// <summary>What is looked at of Docker's <c>config.json</c>.</summary>
/// <param name="CurrentContext">The context in use; null or empty for none.</param>
internal sealed record ContextSetting(string? CurrentContext = null);
