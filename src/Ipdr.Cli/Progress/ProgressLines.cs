using Ipdr.Cli.Output;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Faults;

namespace Ipdr.Cli.Progress;

/// <summary>A line for each content that is done, for logs.</summary>
internal sealed class ProgressLines(TextWriter error) : ProgressDisplay, IContentObserver
{
    private readonly Lock _lock = new();

    public override IContentObserver Observer => this;

    public void Started(ContentProgress content)
    {
    }

    public void Finished(ContentProgress content)
    {
        lock (_lock)
            error.WriteLine(Printable.Of($"{content.Name}  {ByteSize.Text(content.DoneBytes)}"));
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
