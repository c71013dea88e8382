using System.Diagnostics;
using System.Text.RegularExpressions;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests.Registries;

/// <summary>The registry that most others are made of (docker-registry), at a free port.</summary>
public sealed partial class DistributionServer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Process? _process;
    private Task? _log;
    private string _host = "";
    private string? _absence;

    /// <summary>Users and their bcrypt hashes, as <c>htpasswd -B</c> writes them; null lets everybody in.</summary>
    internal string? Users { get; init; }

    /// <summary>Does it delete manifests?</summary>
    internal bool Deletes { get; init; }

    /// <summary>Address and port; skips the test where there is no such program.</summary>
    internal string Host
    {
        get
        {
            Assert.SkipWhen(_absence is not null, _absence ?? "");
            return _host;
        }
    }

    /// <summary>Changes one byte of the largest layer of a repository, behind the back of the registry.</summary>
    internal void Damage(string repository)
    {
        string root = Path.Combine(_folder["data"], "docker", "registry", "v2");
        string largest = Directory.GetDirectories(Path.Combine(root, "repositories", repository, "_layers", "sha256"))
            .Select(layer => Path.Combine(root, "blobs", "sha256", Path.GetFileName(layer)[..2], Path.GetFileName(layer), "data"))
            .MaxBy(data => new FileInfo(data).Length)!;
        byte[] content = File.ReadAllBytes(largest);
        content[content.Length / 2] ^= 1;
        File.WriteAllBytes(largest, content);
    }

    public async ValueTask InitializeAsync()
    {
        string? program = ExternalProgram.Find("docker-registry") ?? ExternalProgram.Find("registry");
        if (program is null)
        {
            _absence = "docker-registry is not installed on this machine";
            return;
        }
        await File.WriteAllTextAsync(_folder["config.yml"], $$"""
            version: 0.1
            log:
              level: info
              formatter: text
            storage:
              filesystem:
                rootdirectory: {{_folder["data"]}}
              delete:
                enabled: {{(Deletes ? "true" : "false")}}
            http:
              addr: 127.0.0.1:0
            {{(Users is null ? "" : $"auth: {{htpasswd: {{realm: test, path: {_folder["users"]}}}}}")}}
            """);
        if (Users is not null)
            await File.WriteAllTextAsync(_folder["users"], Users);
        _process = new ExternalProgram(program).Start(["serve", _folder["config.yml"]]);
        while (_host.Length == 0 && await _process.StandardError.ReadLineAsync() is { } line)
            _host = Listening.Match(line).Groups[1].Value;
        _log = Task.WhenAll(_process.StandardError.ReadToEndAsync(), _process.StandardOutput.ReadToEndAsync());
        if (_host.Length == 0)
            _absence = "docker-registry does not start on this machine";
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (!_process.HasExited)
                _process.Kill();
            await _process.WaitForExitAsync();
            await _log!;
            _process.Dispose();
        }
        _folder.Dispose();
    }

    [GeneratedRegex(@"listening on (127\.0\.0\.1:\d+)")]
    private static partial Regex Listening { get; }
}
