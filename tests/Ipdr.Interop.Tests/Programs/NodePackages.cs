using System.Security.Cryptography;

namespace Ipdr.Interop.Tests.Programs;

/// <summary>The JavaScript packages of the folder Node, installed once as their lock file says, outside the sources.</summary>
internal static class NodePackages
{
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(5);
    private static readonly SemaphoreSlim One = new(1);
    private static string? _folder;

    /// <summary>The folder with the scripts and <c>node_modules</c>; without Node.js, npm or a registry the running test is skipped.</summary>
    public static async Task<string> RequireAsync()
    {
        ExternalProgram.Require("node");
        ExternalProgram npm = ExternalProgram.Require("npm") with { Timeout = InstallTimeout };
        await One.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _folder ??= await InstallAsync(npm);
        }
        finally
        {
            One.Release();
        }
    }

    private static async Task<string> InstallAsync(ExternalProgram npm)
    {
        string sources = Path.Combine(AppContext.BaseDirectory, "Node");
        byte[] locked = await File.ReadAllBytesAsync(Path.Combine(sources, "package-lock.json"), TestContext.Current.CancellationToken);
        string folder = Path.Combine(Path.GetTempPath(), $"ipdr-node-{Convert.ToHexStringLower(SHA256.HashData(locked))[..16]}");
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(sources))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        string done = Path.Combine(folder, "installed");
        if (!File.Exists(done))
        {
            ProgramResult installed = await npm.RunAsync("ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund");
            Assert.SkipWhen(!installed.Succeeded, $"npm could not install the packages: {installed.Errors.Split('\n')[0]}");
            await File.WriteAllTextAsync(done, "", TestContext.Current.CancellationToken);
        }
        return folder;
    }
}
