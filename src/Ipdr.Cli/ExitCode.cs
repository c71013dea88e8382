namespace Ipdr.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The work failed, or verification found errors.</summary>
    public const int Failed = 1;

    /// <summary>The command line was wrong.</summary>
    public const int Usage = 2;

    /// <summary>Ctrl-C, or a request to end: 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
