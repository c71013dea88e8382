using System.Diagnostics;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests.Engines;

/// <summary>A containerd of its own, with its data and socket in a folder that goes with it.</summary>
internal sealed class Containerd : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder;
    private readonly Process _process;

    private Containerd(TemporaryFolder folder, Process process) => (_folder, _process) = (folder, process);

    /// <summary><c>ctr</c>, which talks to it.</summary>
    public ExternalProgram Client => ExternalProgram.Require("ctr") with { Prefix = ["--address", Socket(_folder)] };

    /// <summary>Starts it; where it is not installed, or may not run, the running test is skipped.</summary>
    public static async Task<Containerd> RequireAsync()
    {
        ExternalProgram daemon = ExternalProgram.Require("containerd");
        ExternalProgram.Require("ctr");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "containerd needs root");
        TemporaryFolder folder = new();
        Process process = daemon.Start(["--root", folder["root"], "--state", folder["state"], "--address", Socket(folder), "--log-level", "error"]);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Containerd containerd = new(folder, process);
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(StartTimeout);
        while (!(await containerd.Client.RunAsync("version")).Succeeded)
        {
            if (process.HasExited || deadline.IsCancellationRequested)
            {
                await containerd.DisposeAsync();
                Assert.Skip("containerd does not start on this machine");
            }
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        return containerd;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private static string Socket(TemporaryFolder folder) => folder["containerd.sock"];
}
