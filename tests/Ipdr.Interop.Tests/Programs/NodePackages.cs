using System.Security.Cryptography;

namespace Ipdr.Interop.Tests.Programs;

/// <summary>JavaScript packages, installed once as the lock file of their folder says, outside the sources.</summary>
internal static class NodePackages
{
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(5);
    private static readonly SemaphoreSlim One = new(1);
    private static readonly Dictionary<string, string> Folders = [];

    /// <summary>The folder with the scripts and <c>node_modules</c>; without Node.js, npm or a registry the running test is skipped.</summary>
    /// <param name="name">The folder beside the tests that has them.</param>
    public static async Task<string> RequireAsync(string name = "Node")
    {
        ExternalProgram.Require("node");
        ExternalProgram npm = ExternalProgram.Require("npm") with { Timeout = InstallTimeout };
        await One.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!Folders.TryGetValue(name, out string? folder))
                Folders.Add(name, folder = await InstallAsync(npm, name));
            return folder;
        }
        finally
        {
            One.Release();
        }
    }

    private static async Task<string> InstallAsync(ExternalProgram npm, string name)
    {
        string sources = Path.Combine(AppContext.BaseDirectory, name);
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
