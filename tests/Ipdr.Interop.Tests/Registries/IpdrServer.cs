using System.Diagnostics;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests.Registries;

/// <summary><c>ipdr serve</c> as a process of its own, at a free port.</summary>
internal sealed class IpdrServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _log;

    private IpdrServer(Process process, Uri address)
    {
        _process = process;
        _log = process.StandardError.ReadToEndAsync();
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Address and port, as a reference has them.</summary>
    public string Host => Address.Authority;

    /// <summary>Starts it over a store, or over the layouts that the arguments name.</summary>
    public static Task<IpdrServer> StartAsync(string home, params string[] arguments) => StartAsync(Over(home), arguments);

    /// <summary>Starts it in an environment of one's own.</summary>
    public static async Task<IpdrServer> StartAsync(ExternalProgram program, params string[] arguments)
    {
        Process process = program.Start(["serve", "--port", "0", .. arguments]);
        string? line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        if (line is null)
            Assert.Fail(await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        return new IpdrServer(process, new Uri(line!));
    }

    /// <summary>The program, with a store of that folder.</summary>
    public static ExternalProgram Over(string home) => IpdrProgram.Program with
    {
        Environment = new Dictionary<string, string> { ["IPDR_HOME"] = home },
    };

    /// <summary>Ends it as a power failure would, but for the disk.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Asks it to end, and gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await new ExternalProgram("/bin/kill").RunAsync("-TERM", $"{_process.Id}");
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        await _log;
        _process.Dispose();
    }
}
