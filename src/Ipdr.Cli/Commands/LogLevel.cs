namespace Ipdr.Cli.Commands;

/// <summary>How much is told on stderr; each level includes the ones before it.</summary>
internal enum LogLevel
{
    Error = -2,
    Warning = -1,
    Info = 0,
    Debug = 1,
}
