namespace Ipdr.Server;

/// <summary>A certificate with its chain, and its key, both PEM.</summary>
/// <param name="Certificate">Path of the certificate.</param>
/// <param name="Key">Path of the key.</param>
public sealed record TlsFiles(string Certificate, string Key);
