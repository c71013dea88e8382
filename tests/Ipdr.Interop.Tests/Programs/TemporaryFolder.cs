namespace Ipdr.Interop.Tests.Programs;

/// <summary>A folder that is gone, with all in it, when the test is over.</summary>
/// <remarks>
/// Its path is short, since a Unix socket inside it has 108 bytes for its whole name, and in lower case, since podman
/// names the image of a layout after the path.
/// </remarks>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"ipdr-{Guid.NewGuid():N}"[..16]);

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        MakeWritable(Path);
        Directory.Delete(Path, recursive: true);
    }

    /// <summary>File systems of images have folders that their owner may not write to, which matters to all but root.</summary>
    private static void MakeWritable(string folder)
    {
        foreach (string child in Directory.EnumerateDirectories(folder).Where(child => File.ResolveLinkTarget(child, false) is null))
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(child, File.GetUnixFileMode(child) | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            MakeWritable(child);
        }
    }
}
