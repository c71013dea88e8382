namespace Ipdr.Oci.Tests;

/// <summary>The files of tests/fixtures, found from wherever the tests run.</summary>
internal static class Fixtures
{
    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder <c>tests/fixtures</c>.</summary>
    public static string Folder => Path.Combine(Root, "tests", "fixtures");

    /// <summary>The full path of an archive by its file name.</summary>
    public static string Archive(string name) => Path.Combine(Folder, "archives", name);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ipdr.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("no folder above the tests holds Ipdr.sln");
    }
}
