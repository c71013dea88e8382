using System.Security.Cryptography;

namespace Ipdr.Interop.Tests.Programs;

/// <summary>JavaScript packages, installed once as their lock files say, outside the sources.</summary>
internal static class NodePackages
{
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(10);
    private static readonly SemaphoreSlim One = new(1);
    private static readonly Dictionary<string, (string? Folder, string? Absence)> Installed = [];

    /// <summary>The folder with the scripts and <c>node_modules</c>; without Node.js, npm or a registry the running test is skipped.</summary>
    /// <param name="name">The folder beside the tests that has them.</param>
    public static async Task<string> RequireAsync(string name = "Node")
    {
        ExternalProgram.Require("node");
        ExternalProgram.Require("npm");
        (string? folder, string? absence) = await TryInstallAsync(name);
        Assert.SkipWhen(folder is null, absence ?? "");
        return folder!;
    }

    /// <summary>Installs the packages of a folder of this project.</summary>
    /// <returns>The folder with the scripts and <c>node_modules</c>, or why there is none.</returns>
    public static async Task<(string? Folder, string? Absence)> TryInstallAsync(string name)
    {
        await One.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!Installed.TryGetValue(name, out (string? Folder, string? Absence) installed))
                Installed[name] = installed = await InstallAsync(name, new ExternalProgram(ExternalProgram.Find("npm")!) { Timeout = InstallTimeout });
            return installed;
        }
        finally
        {
            One.Release();
        }
    }

    private static async Task<(string? Folder, string? Absence)> InstallAsync(string name, ExternalProgram npm)
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
            // A package of js-ipfs depends on one without a version, which "ci" cannot find in any lock file.
            string command = name == "Ipfs" ? "install" : "ci";
            ProgramResult installed = await npm.RunAsync(command, "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund");
            if (!installed.Succeeded)
                return (null, $"npm could not install the packages: {installed.Errors.Split('\n')[0]}");
            await File.WriteAllTextAsync(done, "", TestContext.Current.CancellationToken);
        }
        return (folder, null);
    }
}
