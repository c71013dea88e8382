using System.Diagnostics;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests.Engines;

/// <summary>A Docker engine of its own for these tests: no network, nothing shared with an engine that may already run here.</summary>
public sealed class DockerEngine : IAsyncLifetime
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(40);

    private readonly TemporaryFolder _folder = new();
    private Process? _daemon;
    private Task<string[]>? _log;
    private string? _absence;

    internal string Host => $"unix://{_folder["docker.sock"]}";

    /// <summary>The command line client; skips the test where there is no engine to talk to.</summary>
    internal ExternalProgram Client
    {
        get
        {
            Assert.SkipWhen(_absence is not null, _absence ?? "");
            return ExternalProgram.Require("docker") with
            {
                // The classic builder: buildx is a separate program, and would fetch its own images.
                Environment = new Dictionary<string, string> { ["DOCKER_HOST"] = Host, ["DOCKER_BUILDKIT"] = "0", ["DOCKER_CONFIG"] = _folder["config"] },
            };
        }
    }

    public async ValueTask InitializeAsync()
    {
        string? program = ExternalProgram.Find("dockerd");
        _absence = program is null ? "dockerd is not installed on this machine"
            : !Environment.IsPrivilegedProcess ? "dockerd needs root"
            : ExternalProgram.Find("docker") is null ? "docker is not installed on this machine" : null;
        if (_absence is not null)
            return;
        _daemon = new ExternalProgram(program!).Start(
        [
            "--host", Host, "--data-root", _folder["data"], "--exec-root", _folder["exec"], "--pidfile", _folder["pid"],
            "--storage-driver", "vfs", "--bridge", "none", "--iptables=false", "--ip6tables=false", "--log-level", "error",
        ]);
        _log = Task.WhenAll(_daemon.StandardError.ReadToEndAsync(), _daemon.StandardOutput.ReadToEndAsync());
        await WaitUntilItAnswersAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await StopAsync(_daemon);
            _daemon.Dispose();
        }
        await UnmountLeftoversAsync();
        _folder.Dispose();
    }

    /// <summary>Image ID of a name, as the engine knows it.</summary>
    internal async Task<string> ImageIdAsync(string name) =>
        (await Client.RunAsync("image", "inspect", "--format", "{{.Id}}", name)).OrFail().Text;

    /// <summary>Copies an image of a layout into the engine, with skopeo.</summary>
    internal async Task CopyInAsync(string source, string name) => (await ExternalProgram.Require("skopeo").RunAsync(
        "--insecure-policy", "copy", "--quiet", "--dest-daemon-host", Host, source, "docker-daemon:" + name)).OrFail();

    /// <summary>Fingerprint of the file system of an image, without what the engine itself puts into every container.</summary>
    internal async Task<string> FileSystemAsync(string image)
    {
        using TemporaryFolder folder = new();
        string container = (await Client.RunAsync("create", "--network", "none", image, "none")).OrFail().Text;
        (await Client.RunAsync("export", "--output", folder["export.tar"], container)).OrFail();
        (await Client.RunAsync("rm", container)).OrFail();
        return await FileSystemFingerprint.OfTarAsync(folder["export.tar"]);
    }

    private async Task WaitUntilItAnswersAsync()
    {
        ExternalProgram client = Client with { Timeout = StartTimeout };
        for (long start = Stopwatch.GetTimestamp(); ; await Task.Delay(100))
        {
            if (_daemon!.HasExited || Stopwatch.GetElapsedTime(start) > StartTimeout)
            {
                _absence = "dockerd does not start on this machine: " + (_daemon.HasExited ? (await _log!)[0].TrimEnd().Split('\n')[^1] : "no answer");
                return;
            }
            if (File.Exists(_folder["docker.sock"]) && (await client.RunAsync("version")).Succeeded)
                return;
        }
    }

    private async Task StopAsync(Process daemon)
    {
        if (!daemon.HasExited)
            await new ExternalProgram("/bin/kill").RunAsync("-TERM", $"{daemon.Id}");
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        try
        {
            await daemon.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            daemon.Kill(entireProcessTree: true);
        }
        await _log!;
    }

    private async Task UnmountLeftoversAsync()
    {
        string[] mounts = await File.ReadAllLinesAsync("/proc/self/mounts");
        foreach (string mount in mounts.Select(line => line.Split(' ')[1]).Where(mount => mount.StartsWith(_folder.Path + "/", StringComparison.Ordinal)).Reverse())
            await new ExternalProgram("/bin/umount").RunAsync("--lazy", mount);
    }
}
