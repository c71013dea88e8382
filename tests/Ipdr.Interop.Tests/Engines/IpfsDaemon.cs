using System.Diagnostics;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests.Engines;

/// <summary>An IPFS daemon (js-ipfs) of its own for these tests, without a network.</summary>
public sealed class IpfsDaemon : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Process? _process;
    private string? _address;
    private string? _absence;

    /// <summary>The address of its RPC API; skips the test where there is none.</summary>
    internal string Address
    {
        get
        {
            Assert.SkipWhen(_absence is not null, _absence ?? "");
            return _address!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (ExternalProgram.Find("node") is null || ExternalProgram.Find("npm") is null)
        {
            _absence = "Node.js is not installed on this machine";
            return;
        }
        (string? folder, _absence) = await NodePackages.TryInstallAsync("Ipfs");
        if (folder is null)
            return;
        _process = new ExternalProgram(ExternalProgram.Find("node")!).Start([Path.Combine(folder, "daemon.mjs"), _folder["repository"]]);
        Task<string> errors = _process.StandardError.ReadToEndAsync();
        _address = await _process.StandardOutput.ReadLineAsync();
        if (_address is null)
            _absence = $"the IPFS daemon does not start on this machine: {(await errors).Split('\n')[0]}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
            _process.Dispose();
        }
        _folder.Dispose();
    }
}
