namespace Ipdr.Cli.Usage;

/// <summary>The command line is well-formed and makes no sense.</summary>
internal sealed class UsageException(string message) : Exception(message);
