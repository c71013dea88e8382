namespace Ipdr.Oci.Tests.Distribution;

/// <summary>Credential helpers of a test.</summary>
internal static class HelperScript
{
    private static readonly Lock OnePath = new();

    /// <summary>Writes one, and puts its folder on the PATH of the process, where helpers are looked for.</summary>
    /// <param name="folder">Where it goes.</param>
    /// <param name="name">What settings call it.</param>
    /// <param name="body">Lines of the shell.</param>
    public static void Write(string folder, string name, string body)
    {
        WriteElsewhere(folder, name, body);
        lock (OnePath)
            Environment.SetEnvironmentVariable("PATH", $"{folder}:{Environment.GetEnvironmentVariable("PATH")}");
    }

    /// <summary>Writes one where helpers are not looked for.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteElsewhere(string folder, string name, string body)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the helper of this test is a shell script");
        string program = Path.Combine(folder, "docker-credential-" + name);
        File.WriteAllText(program, "#!/bin/sh\n" + body);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
