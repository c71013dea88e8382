using System.Runtime.InteropServices;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Engines;

/// <summary>The platform of this machine, as images say it.</summary>
public static class HostPlatform
{
    /// <summary>Linux images run on Windows and macOS too, in a virtual machine of the same processor; nothing else runs there as often.</summary>
    public static Platform Current { get; } = new(Architecture, "linux") { Variant = Variant };

    private static string Architecture => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.X86 => "386",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.Arm or System.Runtime.InteropServices.Architecture.Armv6 => "arm",
        System.Runtime.InteropServices.Architecture.Ppc64le => "ppc64le",
        var other => other.ToString().ToLowerInvariant(),
    };

    // Any variant serves who asks for none; only the oldest arm processors need one.
    private static string? Variant => RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Armv6 ? "v6" : null;
}
