namespace Ipdr.Oci.Store;

/// <summary>Where the store lives when nobody says otherwise.</summary>
public static class StoreHome
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "IPDR_HOME";

    private const string XdgVariable = "XDG_DATA_HOME";

    /// <summary><c>$IPDR_HOME</c>, else <c>ipdr</c> in the XDG data directory (on Windows in the local application data).</summary>
    public static string Locate()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return Path.GetFullPath(named);
        return Path.Combine(DataFolder(), "ipdr");
    }

    // XDG base directories: a relative path is to be ignored.
    private static string DataFolder()
    {
        if (OperatingSystem.IsWindows())
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Environment.GetEnvironmentVariable(XdgVariable) is { } data && Path.IsPathRooted(data)
            ? data
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".local", "share");
    }
}
