using Microsoft.Extensions.Hosting;

namespace Ipdr.Server;

/// <summary>Who made the server starts and ends it: it listens to no signals of its own.</summary>
internal sealed class CallerLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
