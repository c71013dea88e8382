using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests.Engines;

/// <summary>A containers/storage of its own, which podman and buildah share.</summary>
public sealed class PodmanStore : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal ExternalProgram Podman => Require("podman") with
    {
        Prefix = [.. StoreOptions, "--tmpdir", _folder["tmp"], "--events-backend", "none"],
    };

    internal ExternalProgram Buildah => Require("buildah") with { Prefix = StoreOptions };

    private string[] StoreOptions => ["--root", _folder["root"], "--runroot", _folder["run"], "--storage-driver", "vfs"];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        string[] mounts = await File.ReadAllLinesAsync("/proc/self/mounts");
        foreach (string mount in mounts.Select(line => line.Split(' ')[1]).Where(mount => mount.StartsWith(_folder.Path + "/", StringComparison.Ordinal)).Reverse())
            await new ExternalProgram("/bin/umount").RunAsync("--lazy", mount);
        _folder.Dispose();
    }

    /// <summary>Loads an archive or a layout.</summary>
    internal Task<ProgramResult> LoadAsync(string path) => Podman.RunAsync("load", "--quiet", "--input", path);

    /// <summary>The image ID of what a load has brought.</summary>
    internal async Task<string> ImageIdAsync(ProgramResult load)
    {
        string name = load.OrFail().Text.Split('\n')[0]["Loaded image: ".Length..].Split(',')[0];
        return "sha256:" + (await Podman.RunAsync("image", "inspect", "--format", "{{.Id}}", name)).OrFail().Text;
    }

    /// <summary>Loads, and takes the image out again once its file system is known.</summary>
    internal async Task<(string ImageId, string FileSystem)> LookIntoAsync(string path)
    {
        string id = await ImageIdAsync(await LoadAsync(path));
        string fileSystem = await FileSystemAsync(id);
        (await Podman.RunAsync("rmi", "--force", id)).OrFail();
        return (id, fileSystem);
    }

    private async Task<string> FileSystemAsync(string image)
    {
        string root = (await Podman.RunAsync("image", "mount", image)).OrFail().Text;
        string fingerprint = await FileSystemFingerprint.OfFolderAsync(root);
        (await Podman.RunAsync("image", "umount", image)).OrFail();
        return fingerprint;
    }

    private static ExternalProgram Require(string name)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, $"{name} is tested with a storage that needs root");
        return ExternalProgram.Require(name);
    }
}
