namespace Ipdr.Interop.Tests.Programs;

/// <summary>A folder as it is seen by who cannot write it: mounted a second time for reading only by root, without leave to write for all others.</summary>
internal sealed class ReadOnlyView : IAsyncDisposable
{
    private readonly string _folder;

    private ReadOnlyView(string folder, string path) => (_folder, Path) = (folder, path);

    /// <summary>Where it is seen so.</summary>
    public string Path { get; }

    public static async Task<ReadOnlyView> OpenAsync(string folder)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            (await ExternalProgram.Require("chmod").RunAsync("-R", "a-w", folder)).OrFail();
            return new ReadOnlyView(folder, folder);
        }
        string path = folder + "-seen";
        Directory.CreateDirectory(path);
        ExternalProgram mount = ExternalProgram.Require("mount");
        ProgramResult mounted = await mount.RunAsync("--bind", folder, path);
        Assert.SkipUnless(mounted.Succeeded, $"no folder can be mounted here: {mounted.Errors.Trim()}");
        ReadOnlyView view = new(folder, path);
        (await mount.RunAsync("-o", "remount,bind,ro", path)).OrFail();
        return view;
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder != Path)
            (await ExternalProgram.Require("umount").RunAsync(Path)).OrFail();
        else
            (await ExternalProgram.Require("chmod").RunAsync("-R", "u+w", _folder)).OrFail();
    }
}
