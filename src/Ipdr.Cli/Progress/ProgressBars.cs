using System.Collections.Concurrent;
using Ipdr.Cli.Output;
using Ipdr.Oci.Conversion;
using Spectre.Console;

namespace Ipdr.Cli.Progress;

/// <summary>A bar for each layer on a terminal; the bars go away when all is done, since the result says it better.</summary>
internal sealed class ProgressBars : ProgressDisplay, IContentObserver
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<ContentProgress, ProgressTask?> _bars = [];
    private readonly CancellationTokenSource _done = new();
    private readonly Task _drawing;

    public ProgressBars(IAnsiConsole console)
    {
        Spectre.Console.Progress progress = console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn());
        _drawing = progress.StartAsync(DrawAsync);
    }

    public override IContentObserver Observer => this;

    public void Started(ContentProgress content) => _bars[content] = null;

    public void Finished(ContentProgress content) => Draw(content);

    public override async ValueTask DisposeAsync()
    {
        await _done.CancelAsync().ConfigureAwait(false);
        await _drawing.ConfigureAwait(false);
        _done.Dispose();
    }

    private async Task DrawAsync(ProgressContext context)
    {
        while (!_done.IsCancellationRequested)
        {
            foreach (ContentProgress content in _bars.Keys)
            {
                if (_bars[content] is null)
                    _bars[content] = context.AddTask(Markup.Escape(Shorten(Printable.Of(content.Name))), maxValue: Math.Max(1, content.TotalBytes));
                Draw(content);
            }
            await Task.Delay(Refresh, _done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Draw(ContentProgress content)
    {
        if (_bars.TryGetValue(content, out ProgressTask? bar) && bar is not null)
            bar.Value = content.TotalBytes == 0 ? 1 : content.DoneBytes;
    }

    private static string Shorten(string name) => name.Length <= 28 ? name : string.Concat(name.AsSpan(0, 12), "…", name.AsSpan(name.Length - 15));
}
