using Ipdr.Oci.Conversion;

namespace Ipdr.Cli.Progress;

/// <summary>Shows nothing.</summary>
internal sealed class NoProgress : ProgressDisplay
{
    public override IContentObserver? Observer => null;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
